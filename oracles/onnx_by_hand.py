"""Models by hand: what no exporter writes any more, and the corner cases. onnx_fixtures.py writes them."""

import os

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def by_hand(opset, training=None, mask=False, ratio=0.4, flag="initializer", external=False):
    """x -> Gemm -> Relu -> Dropout -> Gemm -> y in a given opset. `flag`: how training_mode arrives (12 and later)."""
    rng = np.random.default_rng(opset)
    w1 = rng.standard_normal((4, 6)).astype(np.float32)
    w2 = rng.standard_normal((6, 3)).astype(np.float32)
    initial = [numpy_helper.from_array(w1, "w1"), numpy_helper.from_array(w2, "w2")]
    inputs = [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["batch", 4])]
    outputs = [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["batch", 3])]
    nodes = [
        helper.make_node("MatMul", ["x", "w1"], ["a"], name="first"),
        helper.make_node("Relu", ["a"], ["h"], name="activation"),
    ]
    names = ["d", "m"] if mask else ["d"]
    if opset < 12:
        nodes.append(helper.make_node("Dropout", ["h"], names, name="drop", ratio=ratio))
    else:
        arguments = ["h", "ratio"]
        initial.append(numpy_helper.from_array(np.float32(ratio), "ratio"))
        if training is not None:
            arguments.append("training")
            if flag == "initializer":
                initial.append(numpy_helper.from_array(np.bool_(training), "training"))
            elif flag == "constant":
                value = numpy_helper.from_array(np.bool_(training), "value")
                nodes.append(helper.make_node("Constant", [], ["training"], name="flag", value=value))
            else:
                inputs.append(helper.make_tensor_value_info("training", TensorProto.BOOL, []))
        nodes.append(helper.make_node("Dropout", arguments, names, name="drop"))
    nodes.append(helper.make_node("MatMul", ["d", "w2"], ["y"], name="last"))
    if mask:
        kind = TensorProto.FLOAT if opset < 10 else TensorProto.BOOL
        outputs.append(helper.make_tensor_value_info("m", kind, ["batch", 6]))
    graph = helper.make_graph(nodes, "by_hand", inputs, outputs, initial)
    # The oldest form that holds each opset, so that readers of that age could open it.
    ir = {7: 3, 10: 5, 12: 7, 13: 7, 17: 8, 22: 10}[opset]
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=ir)
    if ir < 4:  # every initializer was an input as well
        for tensor in initial:
            graph_input = helper.make_tensor_value_info(tensor.name, TensorProto.FLOAT, list(tensor.dims))
            model.graph.input.append(graph_input)
    return model


def corner_cases(folder):
    """Writes them all."""

    def save(model, name):
        onnx.checker.check_model(model, full_check=True)
        onnx.save(model, os.path.join(folder, name))

    for opset in (7, 10):
        save(by_hand(opset), f"opset{opset}.onnx")
    for opset in (12, 13, 22):
        save(by_hand(opset, training=True), f"opset{opset}.onnx")
    save(by_hand(13, training=True, flag="constant"), "flag-constant.onnx")
    save(by_hand(13, training=True, flag="input"), "flag-input.onnx")
    save(by_hand(17, training=True, mask=True), "mask-used.onnx")

    # Dropout and nothing else: one that the runtime cannot take away.
    only = helper.make_graph(
        [helper.make_node("Dropout", ["x", "ratio", "training"], ["y"], name="drop")], "only",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["batch", 4])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["batch", 4])],
        [numpy_helper.from_array(np.float32(0.5), "ratio"), numpy_helper.from_array(np.bool_(True), "training")],
    )
    save(helper.make_model(only, opset_imports=[helper.make_opsetid("", 13)], ir_version=7), "dropout-only.onnx")

    # float64 and float16 throughout: the multiplication has to be in the type of what it multiplies.
    types = (TensorProto.DOUBLE, np.float64, "double"), (TensorProto.FLOAT16, np.float16, "half")
    for kind, numpy_type, name in types:
        rng = np.random.default_rng(1)
        w = numpy_helper.from_array(rng.standard_normal((4, 3)).astype(numpy_type), "w")
        graph = helper.make_graph(
            [
                helper.make_node("Relu", ["x"], ["h"], name="act"),
                helper.make_node("MatMul", ["h", "w"], ["y"], name="last"),
            ],
            name,
            [helper.make_tensor_value_info("x", kind, ["batch", 4])],
            [helper.make_tensor_value_info("y", kind, ["batch", 3])],
            [w],
        )
        save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), f"{name}.onnx")

    # Weights in a file of their own.
    model = by_hand(17, training=True)
    path = os.path.join(folder, "external.onnx")
    if os.path.exists(os.path.join(folder, "external.bin")):
        os.remove(os.path.join(folder, "external.bin"))
    onnx.save_model(
        model,
        path,
        save_as_external_data=True,
        all_tensors_to_one_file=True,
        location="external.bin",
        size_threshold=64,
    )
    onnx.checker.check_model(path, full_check=True)

    # Too old and too new.
    for opset, ir in ((6, 3), (23, 11)):
        graph = helper.make_graph(
            [helper.make_node("Relu", ["x"], ["y"])], "g",
            [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1])],
            [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1])],
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=ir)
        save(model, f"opset{opset}.onnx")
