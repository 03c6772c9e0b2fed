"""The worker: takes jobs from the queue, runs them and records what became of them."""
