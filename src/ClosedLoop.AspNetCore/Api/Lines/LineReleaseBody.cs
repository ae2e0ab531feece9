using ClosedLoop.Lines;

namespace ClosedLoop.AspNetCore.Api.Lines;

/// <summary>What a change waited for and got through another one: the commit that turned the line green.</summary>
internal sealed record LineReleaseBody(string Gate, string Commit, string? Change, bool LandedOnRed)
{
    public static LineReleaseBody Of(LineRelease release) => new(release.Gate, release.Commit.ToString(), release.Change?.ToString(), release.LandedOnRed);
}
