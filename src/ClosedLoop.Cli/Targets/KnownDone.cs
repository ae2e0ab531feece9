using ClosedLoop.Pipelines;

namespace ClosedLoop.Cli.Targets;

/// <summary>The DONE definitions that have a name of their own.</summary>
internal static class KnownDone
{
    private static readonly DoneDefinition[] All = [Done.Merged, Done.MergedAndMainGreen, Done.RolledOut, Done.Healthy];

    public static DoneDefinition? Find(string name) => Array.Find(All, d => d.Name == name);
}
