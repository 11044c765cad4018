// What chapters tell in Chinese of the claims of the five texts. The English of a row stands where it is checked, in
// packages/cli/src/verify; numbers and formulas are the same, which test/unit/locales.test.ts holds.

import type { ToldClaim } from "./claim-row.js";

/** By the id of the row. */
export const CLAIMS_ZH: Readonly<Record<string, ToldClaim>> = {
  "E-000-1": {
    said: "预测时做完前向，backward 仍乘以存下的掩码（新建的层则直接报错）",
    right: "eval 之后，梯度就是 dY，不管之前抽过什么掩码",
    what: "训练过的层在 eval 前向之后的梯度",
  },
  "E-000-2": {
    said: "梯度中之所以有那个系数，是因为 E[dL/dx] = dL/dy",
    right:
      "那个系数来自给定掩码时的链式法则；E[dL/dx] 是 E[L] 的梯度，只有 L 是 y 的线性函数时，才等于不用暂退法的梯度",
    what: "L = y^2，x = 3，keep 为 0.5 时的 E[dL/dx]，即 2 x / keep",
  },
  "E-001-3": {
    said: "按 1 / (1 - rate) 缩放，梯度的期望就不变",
    right: "E[dL/dx] 是 E[L] 的梯度；只有 L 是 y 的线性函数时，它才是不用暂退法的梯度",
    what: "L = y^2，x = 3，丢弃率为 0.5 时的 E[dL/dx]，即 2 x / (1 - rate)",
  },
  "E-001-6": {
    said: "被丢弃的单元梯度为 0，所以不更新",
    right: "只对这一个样本梯度为 0；其他样本、动量和权重衰减照样会改变它的权重",
    what: "这个单元的权重从丢弃它的那个样本得到的梯度",
  },
  "E-001-7": {
    said: "掩码不参与梯度计算",
    right: "掩码要乘到梯度上；不存在的是掩码自己的梯度",
    what: "两个掩码下的梯度",
  },
  "E-001-8": {
    said: "预测必须是确定的",
    right: "也可以有意让它随机：蒙特卡罗暂退法在预测时也开着掩码，用各次前向的离散程度度量不确定性",
    what: "预测的均值和方差（枚举所有掩码）",
  },
  "E-002-2": {
    said: "训练时乘以 rate / keep",
    right: "应乘以 1 / keep：否则期望是 x 的 rate 倍，而且丢弃率为 0 时全部变成零",
    what: "一个保留的 1 在丢弃率 0.2、0.5、0.6、0.7 时的值，即 1 / keep",
  },
  "E-002-7": {
    said: "sgld 模式就是 eval 那个分支",
    right: "SGLD 是每一步都加噪声的优化器；预测时的随机前向则照样抽掩码，照样缩放",
    what: "sample 模式下的均值和方差",
  },
  "E-002-9": {
    said: "训练时，保留的元素乘以 keep",
    right: "这样期望就成了 keep^2 x。应当在预测时乘以 keep（classic），或者在训练时除以 keep（inverted）",
    what: "keep 为 0.5、0.6、0.8 时，训练中 x * mask / keep 的期望，以及预测时的输出 1",
  },
  "E-002-10": {
    said: "只更新被丢弃单元的梯度",
    right: "说反了：保留的单元梯度为 dy / keep，被丢弃的为 0",
    what: "丢弃率为 0.2，掩码为 [1, 0, 1] 时的梯度：保留处为 dy / keep，丢弃处为 0",
  },
  "E-002-12": {
    said: "DropConnect 通过可学习的掩码保留被丢弃单元的参数",
    right: "它用随机掩码丢弃单个权重，每个样本各抽一个掩码（Wan 等人，2013）；可学习的掩码是另一种方法",
    what: "DropConnect，keep 为 0.6：输出对 64 个掩码的期望",
  },
  "E-002-13": {
    said: "丢弃率取 0.5 到 0.7；越大越稳健",
    right: "强度随丢弃率上升，测试误差却是 U 形的",
    what: "强度 rate / keep 从一个丢弃率到下一个的增量：都大于零",
  },
  "E-002-15": {
    said: "ResNet、ARNet 和深度信念网络都以暂退法为基础",
    right:
      "He 等人 2016 年的 ResNet 不用暂退法；Hinton、Osindero 和 Teh 2006 年的深度信念网络比暂退法早六年；ARNet 查不到是什么",
  },
  "E-002-16": {
    said: "暂退法断开节点的权重",
    right: "暂退法把单元置零，DropConnect 把权重置零",
    what: "3 个输出中，丢弃一个输入改变几个，丢弃一个权重改变几个",
  },
  "E-003-6": {
    said: "输出的期望等于各层 keep 之积乘以完整网络的输出",
    right:
      "只有预测时缩放（classic）且没有偏置时才如此：线性层精确成立，ReLU 层只在平均场近似下成立；有偏置就不成立，训练时缩放（inverted）则没有这个系数",
    what: "线性层，没有偏置，预测时缩放：精确的期望，与各层 keep 之积相比",
  },
  "E-003-7": {
    said: "在深层网络中，暂退法使信号逐层衰减",
    right:
      "预测时缩放（classic）在训练中确实如此，预测时的输出也同样衰减；训练时缩放（inverted）保持线性层的期望，并使 ReLU 层的期望升高",
    what: "十个线性层，keep 为 0.5，预测时缩放：期望",
  },
  "E-003-8": {
    said: "相对标准差是 sqrt(keep (1 - keep))",
    right: "标准差与期望之比是 sqrt((1 - keep) / keep)，两种缩放都一样；分母要取 |x|",
    what: "标准差与期望之比（枚举所有掩码），与 sqrt((1 - keep) / keep) 相比",
  },
  "E-003-10": {
    said: "keep 为 0.5 时正则化最强，0.1 和 0.9 时同样弱",
    right: "keep 越小，正则化越强：对预测时所用的权重，惩罚系数是 (1 - keep) / keep",
    what: "keep 为 1、0.9、0.7、0.5、0.3、0.1、0.01 时，训练所得权重的范数",
  },
  "E-003-11": {
    said: "keep 趋于 0 时，输出的方差消失，什么也学不到",
    right: "预测时缩放（classic）下，输出也一同消失，而相对于输出的噪声发散；训练时缩放（inverted）下，方差发散",
    what: "预测时缩放，keep 为 0.01：x = 1 时输出的期望和方差，两者都趋于零",
  },
  "E-003-12": {
    said: "与 L2 的联系是 Wan 等人 2013 年发现的",
    right:
      "是 Srivastava 等人（2014，9.1 节），Wager、Wang 和 Liang（2013），Baldi 和 Sadowski（2013）；加性噪声的情形是 Bishop（1995）",
  },
  "E-003-13": {
    said: "损失的期望：(1 - keep)^2 y^2 + keep (1 - keep) sum w^2 x^2",
    right:
      "同一个字母既当目标值 t，又当预测值 f：应为 (t - keep f)^2 + …，训练时缩放（inverted）则为 (t - f)^2 + (1 - keep) / keep sum w^2 x^2",
    what:
      "预测时缩放：目标值为 1、0、2.5、-0.5 时的 E[(t - prediction)^2]（枚举所有掩码），" +
      "与 (t - keep f)^2 + keep (1 - keep) sum w^2 x^2 相比",
  },
  "E-003-14": {
    said: "惩罚项是权重的范数",
    right: "每个权重的惩罚还要乘以它那个特征的平方和；只有标准化之后才是普通的 L2 惩罚",
    what: "各特征的平方和，也就是惩罚项的系数",
  },
  "E-003-15": {
    said: "正态变量经过 sigmoid，得到对数正态的掩码，这就是变分暂退法",
    right:
      "得到的是 logit 正态分布；起作用的只是两个正态变量之和，所以不管 sigma 是多少，均值都是 1/2，能学的只有 sigma",
    what: "sigma 为 0、0.5、1、2、3、5、10 时掩码的方差（数值积分）",
  },
  "E-003-17": {
    said: "高斯掩码下，Var(y) = keep sigma^2 x^2",
    right: "应为 sigma^2 x^2：掩码的方差是 sigma^2，x 是常数。只有这样，方差取 keep (1 - keep) 时二阶矩才对得上",
    what: "x = 3，keep 为 0.5，方差为 0.25 时的 Var(m x)，即 sigma^2 x^2（数值积分）",
  },
  "E-003-20": {
    said: "空间暂退法（spatial dropout）用一个掩码独立地作用于各个位置，通道全部保留",
    right: "每个样本的每个通道只抽一次，作用于所有位置：丢弃的是整张特征图",
    what: "形状为 [2, 4, 2, 3] 时的决定数：每个样本、每个通道一个",
  },
  "E-003-21": {
    said: "CNN 只在全连接层之后使用暂退法",
    right: "Srivastava 等人 2014 年报告：卷积层中也用暂退法，结果更好（SVHN）",
  },
  "E-003-22": {
    said: "RNN 只在循环连接之外使用暂退法",
    right:
      "那是 Zaremba 等人 2014 年的做法；循环连接上也可以用：整个序列一个掩码（Gal 和 Ghahramani，2016），" +
      "只丢更新（Semeniuta 等人，2016），或者 zoneout。整个序列共用一个掩码时，训练时缩放（inverted）不能保持期望",
    what: "掩码只在输入上：状态对前一状态的斜率，元素被丢弃时和被保留时",
  },
  "E-004-1": {
    said: "训练时缩放过了，预测时还要乘以 1 - rate",
    right:
      "训练时缩放（inverted）之后，预测时的输出就是输入：期望在训练时已经保持住了；按原文的规则，每一层都会把它缩小到 1 - rate 倍",
    what: "a = 1 时预测的输出，与训练时的期望相比",
  },
  "E-004-7": {
    said: "E[y] 等于 1/M 乘以所有子模型之和，也就是 y (1 - rate)",
    right: "E[y] 是以掩码的概率加权的平均；训练时缩放（inverted）且输出为线性时，它等于完整网络的输出",
    what: "训练时缩放，丢弃率为 0.6、0.5、0.2 时的加权平均，应为完整网络的输出 4.5",
  },
  "E-004-8": {
    said: "预测就等于对模型取平均",
    right: "输出为线性时精确成立；只有一个 softmax 层时，对几何平均精确成立；其他情形只是近似",
    what: "一个 softmax 层，keep 为 0.5：几何平均，与完整网络相比",
  },
  "E-X2": {
    said: "预测时：原样输出（000、001、003），乘以 keep（003、004），或者乘以随机掩码（002）",
    right: "训练时缩放（inverted）之后原样输出，预测时缩放（classic）则乘以 keep；别的做法都不等于训练时的期望",
    what: "训练时缩放（000、001、003）：训练时的期望，预测值",
  },
  "E-X3": {
    said: "常用的丢弃率是 0.5 到 0.7（002）",
    right: "那是 keep 的常用值（Srivastava 等人 2014：隐藏单元的 keep 为 0.5 到 0.8，输入约为 0.8）",
    what: "keep 为 0.5、0.7 和 0.8 时，单位信号的噪声方差",
  },
};
