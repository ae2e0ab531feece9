using ClosedLoop.Lines;

namespace ClosedLoop.AspNetCore.Api.Lines;

internal sealed record LineCommitBody
{
    public required string Sha { get; init; }

    public long Behind { get; init; }

    public DateTimeOffset? CommittedAt { get; init; }

    public required IReadOnlyList<CommitGateBody> Gates { get; init; }

    public required IReadOnlyList<string> Images { get; init; }

    public required IReadOnlyList<string> Landed { get; init; }

    public required IReadOnlyList<string> Removed { get; init; }

    public required IReadOnlyList<LineItemBody> Items { get; init; }

    public static LineCommitBody Of(LineCommit commit) => new()
    {
        Sha = commit.Sha,
        Behind = commit.Behind,
        CommittedAt = commit.CommittedAt,
        Gates = [.. commit.Gates.Select(CommitGateBody.Of)],
        Images = commit.Images,
        Landed = [.. commit.Landed.Select(static k => k.ToString())],
        Removed = [.. commit.Removed.Select(static k => k.ToString())],
        Items = [.. commit.Items.Select(LineItemBody.Of)],
    };
}
