namespace ClosedLoop.LoadRig.Restart;

/// <summary>What a new process measured.</summary>
/// <param name="OpenSeconds">Until the store was open.</param>
/// <param name="ClaimSeconds">Until the engine had its first due rows.</param>
/// <param name="Rows">How many they were.</param>
/// <param name="SinceStartSeconds">Until then, since the process began: with the start of the runtime.</param>
internal sealed record Restarted(double OpenSeconds, double ClaimSeconds, int Rows, double SinceStartSeconds);
