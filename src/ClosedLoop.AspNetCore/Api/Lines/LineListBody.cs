namespace ClosedLoop.AspNetCore.Api.Lines;

internal sealed record LineListBody(IReadOnlyList<LineSummaryBody> Lines);
