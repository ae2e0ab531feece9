using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitHub;

/// <summary>The writers that GitHub is: webhook and probe speak as one.</summary>
internal static class GitHubWriters
{
    public static readonly Writer SourceControl = new(WriterRoles.SourceControl, "github");

    public static readonly Writer Ci = new(WriterRoles.Ci, "github");

    public static readonly Writer Deployer = new(WriterRoles.Deployer, "github");
}
