"""Says whether ONNX models are valid: onnx.checker with full shape inference on every file given.

    venv/bin/python oracles/onnx_check.py MODEL.onnx ...
"""

import sys

import onnx

for path in sys.argv[1:]:
    onnx.checker.check_model(path, full_check=True)
    print("valid", path)
