"""Asks the format's own checker, with shapes inferred and compared, whether files are valid ONNX: python check-onnx.py MODEL.onnx ..."""
import sys

import onnx

for path in sys.argv[1:]:
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    operators = sorted({node.op_type for node in model.graph.node})
    print(f"{path}: valid for onnx {onnx.__version__}, IR {model.ir_version}, {len(model.graph.node)} nodes: {', '.join(operators)}")
