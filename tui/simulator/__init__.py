"""A simulated UiPath Orchestrator that speaks wire JSON over real HTTP on loopback.

It owns both generations of the service: the 2019 cloud platform and today's Automation Cloud. It shares no code with
the client, so a wrong field name in the client fails against it instead of agreeing with itself. Importing this
package loads neither Starlette nor uvicorn; `tui.simulator.server` does.
"""
