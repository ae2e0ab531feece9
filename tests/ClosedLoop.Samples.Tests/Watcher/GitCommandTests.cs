using System.Text.Json;
using ClosedLoop.Migration;
using ClosedLoop.Samples.Watcher.Git;
using ClosedLoop.Storage;
using ClosedLoop.Storage.Sqlite;
using ClosedLoop.Testing.Time;
using ClosedLoop.Tests.Migration;
using Spectre.Console;

namespace ClosedLoop.Samples.Tests.Watcher;

public sealed class GitCommandTests : IDisposable
{
    private readonly StringWriter _output = new(), _error = new();

    [Fact]
    public async Task Json_is_one_line_with_the_promised_names_and_nothing_else()
    {
        using var clone = History();

        Assert.Equal(0, await Run(new GitArguments(clone.Path, Json: true)));

        string line = Assert.Single(_output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        var json = JsonDocument.Parse(line).RootElement;
        Assert.Equal(4, json.GetProperty("landings").GetInt32());
        Assert.Equal((1, 1, 2), (Kind("merge"), Kind("squash"), Kind("direct")));
        Assert.Equal(3, json.GetProperty("weeks").GetInt32());
        Assert.Equal(1, json.GetProperty("per_week_median").GetDouble());
        Assert.Equal(3, json.GetProperty("per_week_max").GetInt32());
        Assert.Equal(0, json.GetProperty("weeks_over_1000").GetInt32());
        Assert.Equal(0, json.GetProperty("lead_time_p50_h").GetDouble());
        Assert.Equal(15, json.GetProperty("lead_time_p90_h").GetDouble());
        Assert.Equal(0, json.GetProperty("seconds").GetDouble());
        Assert.Equal("", _error.ToString());

        int Kind(string name) => json.GetProperty("by_kind").GetProperty(name).GetInt32();
    }

    [Fact]
    public async Task Since_counts_back_from_now()
    {
        using var clone = History();

        await Run(new GitArguments(clone.Path, Since: TimeSpan.FromDays(90), Json: true), TestClone.Start.AddHours(20).AddDays(90));

        Assert.Equal(2, JsonDocument.Parse(_output.ToString()).RootElement.GetProperty("landings").GetInt32());
    }

    [Fact]
    public async Task The_report_shows_weeks_lead_times_and_the_board()
    {
        using var clone = History();

        Assert.Equal(0, await Run(new GitArguments(clone.Path)));

        string text = _output.ToString();
        Assert.Contains("local/clone main: 4 landings of 4, 6 commits", text, StringComparison.Ordinal);
        Assert.Contains("2024-W01", text, StringComparison.Ordinal);
        Assert.Contains("1 merge, 1 squash, 2 direct", text, StringComparison.Ordinal);
        Assert.Contains("p50 0.0 hours, p90 15.0 hours", text, StringComparison.Ordinal);
        Assert.Contains("0 of 3 weeks over 1,000", text, StringComparison.Ordinal);
        Assert.Contains("Board: 4 items recovered, 0 done", text, StringComparison.Ordinal);
        foreach (string gate in Gates.Default) Assert.Contains(gate, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_repository_without_commits_is_shown_as_such()
    {
        using var clone = new TestClone();

        Assert.Equal(0, await Run(new GitArguments(clone.Path)));
        Assert.Contains("no commits yet", _output.ToString(), StringComparison.Ordinal);

        _output.GetStringBuilder().Clear();
        Assert.Equal(0, await Run(new GitArguments(clone.Path, Json: true)));
        Assert.Equal(JsonValueKind.Null, JsonDocument.Parse(_output.ToString()).RootElement.GetProperty("lead_time_p50_h").ValueKind);
    }

    [Fact]
    public async Task What_is_no_clone_ends_with_one_and_a_sentence_on_the_error_console()
    {
        using var clone = new TestClone("none");

        Assert.Equal(1, await Run(new GitArguments(clone.Path, Json: true)));

        Assert.Equal("", _output.ToString());
        Assert.Contains("is not in a git repository", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stop_ends_with_130()
    {
        using var clone = History();

        Assert.Equal(130, await GitCommand.RunAsync(new GitArguments(clone.Path), To(_output), new CancellationToken(canceled: true), To(_error)));
    }

    [Fact]
    public async Task A_store_keeps_what_was_recovered_and_a_second_run_changes_nothing()
    {
        using var clone = History();
        var folder = Directory.CreateTempSubdirectory("closedloop-");
        string path = Path.Combine(folder.FullName, "record.db");
        for (int run = 0; run < 2; run++) Assert.Equal(0, await Run(new GitArguments(clone.Path, StorePath: path)));

        using (var store = new SqliteLoopStore(new SqliteOptions { Path = path }))
        {
            await store.InitializeAsync(default);
            var items = (await store.QueryItemsAsync(new ItemQuery(), default)).Items;
            Assert.Equal(4, items.Count);
            Assert.All(items, static i => Assert.Equal(("recovered", 1), (i.State.Migration, i.Version)));
        }
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Items_go_to_the_target_that_is_given()
    {
        using var clone = History();
        var target = new Kept();
        Assert.Equal(0, await GitCommand.RunAsync(new GitArguments(clone.Path, StorePath: "x.db"), To(_output), default, To(_error), target: target));
        Assert.Equal(4, target.Items.Count);
    }

    [Theory]
    [InlineData(0, 100, "                        |")]
    [InlineData(1, 100, "█                       |")]
    [InlineData(1000, 1000, "████████████████████████|")]
    [InlineData(2000, 2000, "████████████|███████████")]
    [InlineData(500, 2000, "██████      |")]
    public void A_bar_is_drawn_against_the_line(int landings, int scale, string bar) => Assert.Equal(bar, GitReport.Bar(landings, scale));

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }

    private static TestClone History()
    {
        var clone = new TestClone();
        string root = clone.Commit("Begin", 0), squash = clone.Commit("Add [red] login (#7)", 10, 10, root);
        string side = clone.Commit("two", 6, 6, clone.Commit("one", 5, 5, root));
        string merge = clone.Commit("Merge pull request #8 from acme/topic", 20, 20, squash, side);
        clone.Land(clone.Commit("Last", 24 * 14, 24 * 14, merge));
        return clone;
    }

    private Task<int> Run(GitArguments arguments, DateTimeOffset? now = null) =>
        GitCommand.RunAsync(arguments, To(_output), default, To(_error), new ManualTimeProvider(now ?? TestClone.Start.AddDays(30)));

    private static IAnsiConsole To(TextWriter writer) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = AnsiSupport.No,
        ColorSystem = ColorSystemSupport.NoColors,
        Interactive = InteractionSupport.No,
        Out = new AnsiConsoleOutput(writer),
    });

    private sealed class Kept : IBackfillTarget
    {
        public List<GitBackfillItem> Items { get; } = [];

        public Task WriteAsync(IReadOnlyList<GitBackfillItem> items, CancellationToken cancellationToken)
        {
            Items.AddRange(items);
            return Task.CompletedTask;
        }
    }
}
