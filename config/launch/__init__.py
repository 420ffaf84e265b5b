"""What `make run`, `make test` and their like do, once `config.bootstrap` has made the virtual environment."""
