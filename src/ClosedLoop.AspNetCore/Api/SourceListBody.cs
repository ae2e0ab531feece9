namespace ClosedLoop.AspNetCore.Api;

internal sealed record SourceListBody(IReadOnlyList<SourceStateBody> Sources);
