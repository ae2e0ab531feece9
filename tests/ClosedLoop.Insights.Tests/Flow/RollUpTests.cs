using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Insights.Flow;
using ClosedLoop.Insights.Tests.Support;
using ClosedLoop.Storage;
using ClosedLoop.Storage.InMemory;

namespace ClosedLoop.Insights.Tests.Flow;

/// <summary>The roll-up is a function of the log: in which steps it is read, by whom and how often it is begun again makes no difference.</summary>
public sealed class RollUpTests
{
    [Fact]
    public void Taken_in_step_by_step_it_is_what_a_replay_of_the_whole_log_gives() => PropertyCheck.Holds(Histories.Arbitrary(), static history =>
    {
        using var followed = new FlowFixture();
        foreach (var chunk in history.Facts.Chunk(3))
        {
            followed.TakeAsync(chunk).GetAwaiter().GetResult();
            followed.ReportAsync().GetAwaiter().GetResult();
        }
        var parts = followed.PartsAsync().GetAwaiter().GetResult();
        using var replayed = new FlowFixture(store: new Forgetful(followed.System.Store), time: followed.System.Time);
        replayed.ReportAsync().GetAwaiter().GetResult();

        // Both wrote to one store: what the replay made takes the place of what was there.
        Assert.Equal(parts, ((Forgetful)replayed.System.Store).Parts);
    }, tests: 60);

    [Fact]
    public async Task Two_nodes_that_take_turns_and_start_again_count_nothing_twice()
    {
        var store = new InMemoryLoopStore();
        using var one = new FlowFixture(store: store);
        var time = one.System.Time;
        using var two = new FlowFixture(store: store, time: time);
        for (int seed = 1; seed < 12; seed++)
        {
            await one.TakeAsync(Histories.Make(seed).Facts);
            await (seed % 2 == 0 ? one : two).ReportAsync();
            if (seed % 3 != 0) continue;
            using var restarted = new FlowFixture(store: store, time: time);
            await restarted.TakeAsync(Histories.Make(100 + seed).Facts);
            await restarted.ReportAsync();
        }
        var parts = await one.PartsAsync();
        using var replayed = new FlowFixture(store: new Forgetful(store), time: time);
        await replayed.ReportAsync();

        Assert.Equal(parts, ((Forgetful)replayed.System.Store).Parts);
    }

    [Fact]
    public async Task A_node_that_is_overtaken_throws_away_what_it_had_and_reads_again()
    {
        var inner = new InMemoryLoopStore();
        var store = new Overtaken(inner);
        using var system = new FlowFixture(store: store);
        await system.TakeAsync(Given.Delivered(1, 1, new string('a', 40)));
        await system.ReportAsync();
        using var other = new FlowFixture(store: inner, time: system.System.Time);
        await other.TakeAsync(Given.Delivered(2, 2, new string('b', 40), 10));
        // Between its reading and its writing another node does the same work.
        store.BeforeRollUp = async () =>
        {
            system.System.Time.Advance(TimeSpan.FromMinutes(5));
            await other.ReportAsync();
        };

        var report = await system.ReportAsync();

        Assert.True(store.Conflicts > 0);
        Assert.Equal(2, report.Pipelines[0].Weeks.Sum(static w => w.Done));
        Assert.Equal(2, report.Pipelines[0].LeadTime.Count);
    }

    [Fact]
    public async Task A_stand_in_that_gives_way_to_its_item_is_not_counted_beside_it()
    {
        using var system = new FlowFixture();
        await system.TakeAsync(Given.PrOpen(1, 1), Given.Merged(1, 5));
        Assert.Equal((1, 1), await CountsAsync());

        await system.TakeAsync(Given.Opened(Given.Item(1), 2), Given.Link(Given.Host, 10, Given.Pr(1), Given.Item(1)));

        Assert.Equal((1, 1), await CountsAsync());
        Assert.Contains(await system.System.TransitionsAsync(), static t => t.Kind == TransitionKind.Replaced);

        async Task<(int, int)> CountsAsync()
        {
            var flow = (await system.ReportAsync()).Pipelines[0];
            return (flow.Weeks.Sum(static w => w.Opened), flow.WorkInProgress);
        }
    }

    [Fact]
    public async Task After_thirteen_weeks_times_are_forgotten_and_counts_stay()
    {
        using var system = new FlowFixture();
        await system.TakeAsync(Given.Delivered(1, 1, new string('a', 40)));
        await system.ReportAsync();
        Assert.NotEmpty(await DurationsAsync());

        var flow = (await system.ReportAtAsync(14 * 7 * 24 * 60)).Pipelines[0];

        Assert.Empty(await DurationsAsync());
        Assert.Equal((0, 1), (flow.LeadTime.Count, flow.Weeks[0].Done));
        Assert.Equal(15, flow.Weeks.Count);

        async Task<IEnumerable<string>> DurationsAsync() => (await system.PartsAsync()).Keys.Where(static n => n.Contains("/time:", StringComparison.Ordinal) || n.Contains("/lead/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Options_that_cannot_work_are_refused_with_their_path_and_the_fix()
    {
        using var system = new FlowFixture(insights: static o => (o.Weeks, o.TargetMergesPerWeek, o.RollUpInterval) = (0, 0, TimeSpan.Zero));

        var refused = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => system.ReportAsync());

        Assert.Equal(3, refused.Failures.Count());
        Assert.Contains("Insights:Weeks is 0; use 2 to 520; the default is 26.", refused.Failures);
    }

    /// <summary>A store whose documents nobody has written yet.</summary>
    private sealed class Forgetful(ILoopStore inner) : StoreDecorator(inner)
    {
        private readonly InMemoryLoopStore _documents = new();

        public SortedDictionary<string, string> Parts => new(_documents.ReadDocumentsAsync(new DocumentQuery { Prefix = "insights/flow/parts/" }, default).AsTask().GetAwaiter().GetResult().ToDictionary(static d => d.Name, static d => d.Body), StringComparer.Ordinal);

        public override ValueTask<IReadOnlyList<StoredDocument>> ReadDocumentsAsync(DocumentQuery query, CancellationToken cancellationToken) => _documents.ReadDocumentsAsync(query, cancellationToken);

        public override async ValueTask<CommitResult> CommitAsync(StoreCommit commit, CancellationToken cancellationToken)
        {
            var stored = await _documents.CommitAsync(new StoreCommit { At = commit.At, Documents = commit.Documents }, cancellationToken);
            return stored.Outcome == CommitOutcome.Conflict ? stored : await base.CommitAsync(commit with { Documents = [] }, cancellationToken);
        }
    }

    /// <summary>A store in which something happens just before the roll-up is written.</summary>
    private sealed class Overtaken(ILoopStore inner) : StoreDecorator(inner)
    {
        public Func<Task>? BeforeRollUp { get; set; }

        public int Conflicts { get; private set; }

        public override async ValueTask<CommitResult> CommitAsync(StoreCommit commit, CancellationToken cancellationToken)
        {
            if (commit.Documents.Count > 0 && BeforeRollUp is { } before)
            {
                BeforeRollUp = null;
                await before();
            }
            var result = await base.CommitAsync(commit, cancellationToken);
            if (result.Outcome == CommitOutcome.Conflict) Conflicts++;
            return result;
        }
    }
}
