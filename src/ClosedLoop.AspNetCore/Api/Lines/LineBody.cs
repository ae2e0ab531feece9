using ClosedLoop.Lines;

namespace ClosedLoop.AspNetCore.Api.Lines;

/// <summary>A part of a line, newest commit first; <c>NextBefore</c> is what to pass as <c>before</c> to go on.</summary>
internal sealed record LineBody(LineSummaryBody Line, IReadOnlyList<LineCommitBody> Commits, string? NextBefore, IReadOnlyList<LineTargetBody> Targets)
{
    public static LineBody Of(LineView view) => new(LineSummaryBody.Of(view.Line), [.. view.Commits.Select(LineCommitBody.Of)], view.NextBefore, [.. view.Targets.Select(LineTargetBody.Of)]);
}
