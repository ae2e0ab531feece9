namespace ClosedLoop.Lines.Git;

/// <summary>How patches are printed: always the same, whatever a clone's configuration says.</summary>
internal static class PatchText
{
    public static string[] Options { get; } =
        ["--no-renames", "--no-ext-diff", "--no-textconv", "--no-color", "--no-relative", "--diff-algorithm=myers", "--unified=3", "--inter-hunk-context=0", "--src-prefix=a/", "--dst-prefix=b/", "--ignore-submodules=none", "--submodule=short"];
}
