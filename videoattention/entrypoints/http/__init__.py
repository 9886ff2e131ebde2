"""The pages and the routes behind them."""
