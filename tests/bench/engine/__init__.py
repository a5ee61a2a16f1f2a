"""Our matching beside the solvers and matching tools of PyPI, on the same generated programmes: `make bench-engine`."""
