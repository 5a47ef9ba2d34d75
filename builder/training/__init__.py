"""Training of the models: the only importer of PyTorch and of transformers' Trainer."""
