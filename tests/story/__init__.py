"""What people do with the service, as tests tell it: a running service, and the people at its pages."""
