using ClosedLoop.LoadRig.Git;

namespace ClosedLoop.LoadRig.Line;

/// <summary>What a long line costs: to load it from a clone, and to decide on it; beside the same rows written by hand, and a short line.</summary>
internal sealed class LineScenario : IScenario
{
    private const int ShortLine = 1_000;

    public string Name => "line";

    public string Summary => "a clone's first-parent history loaded into the record, and a build and a rollout decided at its end";

    public IReadOnlyList<Option> Options =>
    [
        new("path", "", "a clone; without one, repositories are made"),
        new("commits", "100000", "first-parent commits of each repository that is made"),
        new("rounds", "9", "measured decisions"),
    ];

    public async Task<IReadOnlyList<Row>> RunAsync(Arguments arguments, TextWriter log)
    {
        using var folder = new TempFolder();
        var rows = new List<Row>();
        using var little = await LongLine.LoadAsync(await MakeAsync(ShortLine), folder.File("short.db"));
        string path = arguments.Text("path");
        foreach (int commits in path.Length > 0 ? [0] : arguments.Numbers("commits"))
        {
            string clone = path.Length > 0 ? path : await MakeAsync(commits);
            string file = folder.File($"long-{commits}.db");
            await log.WriteLineAsync($"loading {clone}");
            using var line = await LongLine.LoadAsync(clone, file);
            var twin = await LineTwin.LoadAsync(clone, folder.File($"twin-{commits}.db"));
            ClaimFailedException.Unless(twin.Commits == line.Commits, $"the twin loaded {twin.Commits} commits and the record {line.Commits}.");
            var load = Duel.Once(line.LoadSeconds, twin.Seconds);
            rows.Add(load.Time($"{line.Commits} commits loaded", LineTwin.Description, "s", 1, more: new Dictionary<string, double>
            {
                ["commitsPerSecond"] = line.Commits / line.LoadSeconds,
                ["heapMb"] = line.HeapBytes / 1e6,
                ["fileMb"] = new FileInfo(file).Length / 1e6,
            }));
            var decide = await Duel.RunAsync(arguments.Number("rounds"), line.DecideAsync, little.DecideAsync);
            rows.Add(decide.Time($"a build and a rollout after {line.Commits} commits", $"the same after {ShortLine} commits", "ms", 1000, more: new Dictionary<string, double> { ["heapMb"] = LongLine.Heap() / 1e6 }));
        }
        return rows;

        async Task<string> MakeAsync(int commits)
        {
            string clone = folder.File($"clone-{commits}.git");
            await log.WriteLineAsync($"making a repository with {commits} commits");
            await SyntheticClone.MakeLineAsync(clone, commits);
            return clone;
        }
    }
}
