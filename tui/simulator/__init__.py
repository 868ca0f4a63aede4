"""A simulated Orchestrator over real HTTP. Speaks wire JSON and shares no code with the client."""
