"""The arrays that pass between rooms."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]
"""int64 [n]: ids of passages."""

Vectors = NDArray[np.float32]
"""float32 [n, dim]: a vector a text."""
