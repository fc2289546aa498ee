/** The namespace of what a file of PyTorch's keeps besides tensors. */
export const TORCH = 'torch';
