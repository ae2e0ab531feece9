namespace ClosedLoop.Testing.Sandbox;

/// <summary>An image that turned out bad: it must not run again.</summary>
/// <param name="Repository">The image repository, <c>owner/name</c>.</param>
/// <param name="Digest">The digest of its manifest.</param>
/// <param name="At">When somebody found out.</param>
public sealed record SandboxBadImage(string Repository, string Digest, DateTimeOffset At);
