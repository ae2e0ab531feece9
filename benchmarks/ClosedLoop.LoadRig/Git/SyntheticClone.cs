using System.Globalization;

namespace ClosedLoop.LoadRig.Git;

/// <summary>Bare repositories for runs without a clone at hand: one whose every landing is a merge of a branch with two commits, one that is a single line.</summary>
internal static class SyntheticClone
{
    private const long Start = 1_767_600_000;

    /// <summary>A repository of merges.</summary>
    public static Task MakeAsync(string path, int landings) =>
        GitCommand.RunAsync("git init -q --bare -b main \"$1\" && exec git -C \"$1\" fast-import --quiet", path, "", stream => Write(stream, landings));

    /// <summary>A repository with one line and nothing else.</summary>
    public static Task MakeLineAsync(string path, int commits) =>
        GitCommand.RunAsync("git init -q --bare -b main \"$1\" && exec git -C \"$1\" fast-import --quiet", path, "", stream => WriteLine(stream, commits));

    private static void WriteLine(StreamWriter stream, int commits)
    {
        stream.NewLine = "\n";
        for (int n = 1; n <= commits; n++) Commit(stream, n, n, "Work", n == 1 ? "" : $"from :{n - 1}\n");
    }

    private static void Write(StreamWriter stream, int landings)
    {
        stream.NewLine = "\n";
        Commit(stream, 1, 0, "Start", "");
        for (int n = 1, mark = 2; n <= landings; n++, mark += 3)
        {
            int before = mark - 1;
            Commit(stream, mark, n, "Work", $"from :{before}\n");
            Commit(stream, mark + 1, n, "More work", $"from :{mark}\n");
            Commit(stream, mark + 2, n + 2, $"Merge pull request #{n} from acme/topic-{n}", $"from :{before}\nmerge :{mark + 1}\n");
        }
    }

    private static void Commit(StreamWriter stream, int mark, int minutes, string subject, string parents)
    {
        string when = string.Create(CultureInfo.InvariantCulture, $"{Start + (minutes * 60L)} +0000");
        stream.Write($"commit refs/heads/main\nmark :{mark}\nauthor Rig <rig@example.com> {when}\ncommitter Rig <rig@example.com> {when}\ndata {subject.Length}\n{subject}\n{parents}\n");
    }
}
