namespace ClosedLoop.AspNetCore.Health;

internal sealed record HealthBody(string Status, string Store, IReadOnlyList<SourceBody> Sources);
