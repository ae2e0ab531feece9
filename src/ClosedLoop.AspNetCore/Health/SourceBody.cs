namespace ClosedLoop.AspNetCore.Health;

internal sealed record SourceBody(string Name, bool Reachable, DateTimeOffset? ReachedAt, DateTimeOffset? BlindSince);
