using ClosedLoop.Lines;

namespace ClosedLoop.AspNetCore.Api.Lines;

internal sealed record LineSummaryBody(string Repository, string Branch, string Head, DateTimeOffset HeadAt, string? KnownHead, IReadOnlyList<LineGateBody> Gates)
{
    public static LineSummaryBody Of(LineSummary line) => new(line.Repository, line.Branch, line.Head, line.HeadAt, line.KnownHead, [.. line.Gates.Select(LineGateBody.Of)]);
}
