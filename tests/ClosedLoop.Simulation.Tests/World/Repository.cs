namespace ClosedLoop.Simulation.Tests.World;

/// <summary>A repository with one line, its CI and where it runs.</summary>
internal sealed class Repository(string name, string folder, IReadOnlyList<Target> targets)
{
    public string Name => name;

    public string Folder => folder;

    public IReadOnlyList<Target> Targets => targets;

    public List<LineCommit> Line { get; } = [];

    public List<Change> Changes { get; } = [];

    /// <summary>In the order of their start, and so of their commits.</summary>
    public List<Build> Builds { get; } = [];

    /// <summary>In the order in which they were finished.</summary>
    public List<Image> Images { get; } = [];

    /// <summary>The same by the place of their commit: a provider reads those of one, whatever it has stored.</summary>
    public Dictionary<int, List<Image>> ImagesOf { get; } = [];

    /// <summary>Scans of commits: passed or failed.</summary>
    public List<(DateTimeOffset At, LineCommit Commit, bool Passed)> Scans { get; } = [];

    public HashSet<LineCommit> Scanned { get; } = [];

    /// <summary>When something happened here, in order.</summary>
    public List<DateTimeOffset> Instants { get; } = [];

    public Build? Running { get; set; }

    public bool BuildWanted { get; set; }

    public bool RolloutRuns { get; set; }

    public Image? Wanted { get; set; }

    /// <summary>The first build of a commit at or after a position.</summary>
    public int FirstBuild(int position)
    {
        int low = 0, high = Builds.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (Builds[middle].Commit.Position < position) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
