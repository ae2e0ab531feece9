namespace ClosedLoop.Simulation.Tests;

/// <summary>A promise that the engine did not keep in a simulated world.</summary>
public sealed class SimulationException(string message, Exception? inner = null) : Exception(message, inner);
