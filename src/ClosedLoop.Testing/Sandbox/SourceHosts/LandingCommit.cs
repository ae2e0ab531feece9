namespace ClosedLoop.Testing.Sandbox.SourceHosts;

/// <summary>A commit that a host makes of a pull request.</summary>
/// <param name="Message">Its whole message.</param>
/// <param name="Merged">Its second parent; null when it has one parent only.</param>
internal readonly record struct LandingCommit(string Message, string? Merged);
