using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Storage;
using ClosedLoop.Storage.InMemory;

namespace ClosedLoop.Core.Tests.Items;

public sealed class ItemLifecycleTests : IDisposable
{
    private readonly LoopFixture _loop = new();

    public void Dispose() => _loop.Dispose();

    [Fact]
    public async Task A_completion_that_is_undone_and_made_again_is_recorded_as_all_three_with_its_definition()
    {
        await _loop.TakeAsync(Given.Delivered(1, 1, "a1"));
        await _loop.TakeAsync(Given.Built(2, GateStatus.Failed, 9, "a1"));
        await _loop.TakeAsync(Given.Built(3, GateStatus.Passed, 12, "a1"));
        var log = await _loop.TransitionsAsync("BL-1");
        Assert.Equal(
            [(TransitionKind.Completed, "B"), (TransitionKind.Reopened, "B"), (TransitionKind.Completed, "B")],
            log.Where(static t => t.DoneDefinition is not null).Select(static t => (t.Kind, t.DoneDefinition!)));
        Assert.Equal(Gates.MainCi, log.Single(static t => t.Kind == TransitionKind.Reopened).Gate);
        Assert.Equal(Given.At(12), (await _loop.StateAsync("BL-1")).DoneAt);
    }

    [Fact]
    public async Task A_build_before_its_landing_before_its_change_before_its_link_joins_when_each_becomes_known()
    {
        await _loop.TakeAsync(Given.Built(1, GateStatus.Passed, 5, "a1"));
        await _loop.TakeAsync(Given.Landed("a1", 1, 3));
        Assert.Empty(await _loop.ItemsAsync());
        await _loop.TakeAsync(Given.Merged(1, 3));
        Assert.True((await _loop.StateAsync("pr:acme/web#1")).IsDone);
        await _loop.Loop.OpenAsync(new WorkItem("BL-1"));
        await _loop.Loop.LinkAsync("BL-1", Given.Pr(1));
        Assert.True((await _loop.StateAsync("BL-1")).IsDone);
        Assert.Null(await _loop.FindAsync("pr:acme/web#1"));
        Assert.Single(await _loop.TransitionsAsync("pr:acme/web#1"), static t => t.Kind == TransitionKind.Replaced);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(6)]
    public async Task A_commit_that_an_agent_linked_is_no_second_change_when_it_is_where_the_first_landed(int at)
    {
        var facts = Given.Delivered(1, 1, "a1").ToList();
        facts.Insert(at, Given.Link(Given.Agent, 4, Given.Commit("a1"), Given.Item(1)));
        foreach (var fact in facts) await _loop.TakeAsync(fact);
        var state = await _loop.StateAsync("BL-1");
        Assert.Equal(Given.Pr(1), Assert.Single(state.Changes).Change);
        Assert.True(state.IsDone);
    }

    [Fact]
    public async Task A_branch_linked_after_its_change_was_seen_takes_the_stand_in_away_and_unlinked_brings_it_back()
    {
        await _loop.TakeAsync(Given.PrOpen(1, 1, Given.Branch("fix")));
        Assert.NotNull(await _loop.FindAsync("pr:acme/web#1"));
        await _loop.TakeAsync(Given.Link(Given.Host, 2, Given.Branch("fix"), Given.Item(1)));
        Assert.Null(await _loop.FindAsync("pr:acme/web#1"));
        Assert.Equal(Gates.PrOpened, (await _loop.StateAsync("BL-1")).CurrentGate);
        await _loop.TakeAsync(Given.Link(Given.Host, 3, Given.Branch("fix")));
        Assert.NotNull(await _loop.FindAsync("pr:acme/web#1"));
        Assert.Null(await _loop.FindAsync("BL-1"));
    }

    [Fact]
    public async Task What_a_person_waived_on_a_stand_in_stays_waived_for_the_item_that_it_gives_way_to()
    {
        await _loop.TakeAsync(Given.PrOpen(1, 1));
        await _loop.Loop.WaiveAsync("pr:acme/web#1", Gates.Reviewed, "ann", "a typo");
        await _loop.TakeAsync(Given.PrOpen(1, 2, Given.Item(1)));
        var gate = await _loop.GateAsync("BL-1", Gates.Reviewed);
        Assert.Equal((GateStatus.NotApplicable, Writer.Person("ann"), "a typo"), (gate.Status, gate.Writer, gate.Detail));
        await _loop.Loop.WaiveAsync("pr:acme/web#1", Gates.MainCi, "ann", "no tests");
        Assert.Equal(Reason.Waived, (await _loop.GateAsync("BL-1", Gates.MainCi)).Reason);
    }

    [Fact]
    public async Task A_change_closed_without_a_merge_abandons_its_item_and_a_new_change_resumes_it()
    {
        await _loop.TakeAsync(Given.Opened(Given.Item(1)), Given.PrOpen(1, 1, Given.Item(1)));
        await _loop.TakeAsync(Given.PrClosed(1, 2, Given.Item(1)));
        var state = await _loop.StateAsync("BL-1");
        Assert.True(state is { Abandoned: true, IsDone: false, WaitingOn: null, IsClosed: true } && state.NextDeadline() is null);
        await _loop.TakeAsync(Given.PrOpen(2, 3, Given.Item(1)));
        await _loop.TakeAsync(Given.PrOpen(1, 4, Given.Item(1)));
        Assert.Equal([TransitionKind.Abandoned, TransitionKind.Resumed], (await _loop.TransitionsAsync("BL-1")).Select(static t => t.Kind).Where(static k => k is TransitionKind.Abandoned or TransitionKind.Resumed));
    }

    [Fact]
    public async Task A_late_open_after_a_merge_does_not_move_the_item_back()
    {
        await _loop.TakeAsync(Given.Delivered(1, 1, "a1"));
        string before = await _loop.StatesAsync();
        await _loop.TakeAsync(Given.PrOpen(1, 0.5, Given.Item(2)));
        await _loop.TakeAsync(Given.Built(1, GateStatus.Running, 4, "a1"));
        Assert.Equal(before, await _loop.StatesAsync());
    }

    [Fact]
    public async Task A_change_linked_to_two_items_counts_for_both_and_one_moved_leaves_the_first()
    {
        await _loop.TakeAsync(Given.PrOpen(1, 1, Given.Item(1), Given.Item(2)));
        Assert.Equal(2, (await _loop.ItemsAsync()).Count);
        await _loop.TakeAsync(Given.PrOpen(1, 2, Given.Item(3)));
        Assert.Equal(["BL-3"], (await _loop.ItemsAsync()).Select(static r => r.State.Id));
    }

    [Fact]
    public async Task A_persons_waiver_and_record_show_the_name_and_the_reason_and_can_be_withdrawn()
    {
        await _loop.TakeAsync(Given.Delivered(1, 1, "a1")[..^1]);
        await _loop.Loop.RecordByHandAsync("BL-1", Gates.MainCi, "ann", "ran it here");
        var status = (await _loop.Loop.GetStatusAsync("BL-1"))!;
        Assert.True(status.IsDone);
        Assert.Contains("main-ci recorded by hand by person:ann (ran it here)", status.Why, StringComparison.Ordinal);
        _loop.Time.Advance(TimeSpan.FromMinutes(10));
        await _loop.Loop.As(Writer.Person("ann")).RecordAsync("BL-1", Gates.MainCi, GateStatus.Waiting, Evidence.At("https://chat.example/1"), "I was wrong");
        Assert.False((await _loop.StateAsync("BL-1")).IsDone);
    }

    [Fact]
    public async Task Declaring_an_item_again_changes_its_title_and_not_its_clock()
    {
        await _loop.Loop.OpenAsync(new WorkItem("BL-1") { Title = "one", Agent = new AgentInfo("builder-7", "model-x", "s-1") { Iteration = 3 } });
        _loop.Time.Advance(TimeSpan.FromDays(1));
        await _loop.Loop.OpenAsync(new WorkItem("BL-1") { Title = "two", Agent = new AgentInfo("builder-7") });
        var state = await _loop.StateAsync("BL-1");
        Assert.Equal(("two", Given.Start, "builder-7"), (state.Title, state.OpenedAt, state.Provenance!.Agent));
    }

    [Fact]
    public async Task A_gate_added_to_a_running_pipeline_holds_those_before_it_and_not_those_past_it()
    {
        var store = new InMemoryLoopStore();
        using var first = new LoopFixture(l => l.AddPipeline("p", p => p.UseDefaultGates()), store);
        await first.Engine.StartAsync(default);
        await first.TakeAsync([.. Given.Delivered(1, 1, "a1"), Given.Opened(Given.Item(2)), Given.PrOpen(2, 1, Given.Item(2))]);
        first.Time.AdvanceTo(Given.At(60));
        using var second = new LoopFixture(l => l.AddPipeline("p", p => p.UseDefaultGates().GateBefore(Gates.MainCi, "scan", g => g.WrittenBy("ci")).DoneWhen(Done.When("scanned", Gates.Merged, "scan", Gates.MainCi))), store, first.Time);
        await second.Engine.StartAsync(default);
        var (past, before) = (await second.StateAsync("BL-1"), await second.StateAsync("BL-2"));
        Assert.Equal((GateStatus.NotApplicable, Reason.AddedLater), (past.Gate("scan")!.Status, past.Gate("scan")!.Reason));
        Assert.True(past.IsDone);
        Assert.Equal(Given.At(5), past.DoneAt);
        Assert.Equal(Given.At(3), past.Gate(Gates.MainCi)!.EligibleAt);
        Assert.Equal(GateStatus.Waiting, before.Gate("scan")!.Status);
        await second.TakeAsync(Given.Merged(2, 61, Given.Item(2)), Given.Landed("b2", 2, 61), Given.Built(9, GateStatus.Passed, 62, "b2"));
        Assert.Equal(("scan", false), ((await second.StateAsync("BL-2")).WaitingOn, (await second.StateAsync("BL-2")).IsDone));
    }

    [Fact]
    public async Task A_stronger_done_definition_reopens_what_does_not_meet_it_also_when_the_first_start_was_cut_short()
    {
        var store = new FailingOnce();
        using var first = new LoopFixture(l => l.AddPipeline("p", p => p.UseDefaultGates().DoneWhen(Done.Merged)), store);
        await first.Engine.StartAsync(default);
        await first.TakeAsync(Given.Delivered(1, 1, "a1")[..^1]);
        Assert.True((await first.StateAsync("BL-1")).IsDone);
        store.Fails = true;
        using var cut = Stronger(store);
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await cut.Engine.StartAsync(default));
        store.Fails = false;
        using var next = Stronger(store);
        await next.Engine.StartAsync(default);
        var state = await next.StateAsync("BL-1");
        Assert.Equal((false, "C"), (state.IsDone, state.DoneDefinition));
        Assert.Equal("C", (await next.TransitionsAsync("BL-1")).Single(static t => t.Kind == TransitionKind.Reopened).DoneDefinition);

        static LoopFixture Stronger(ILoopStore store) => new(l => l.AddPipeline("p", p => p.UseDefaultGates().DoneWhen(Done.RolledOut)), store);
    }

    [Fact]
    public async Task A_state_comes_back_from_its_json_as_it_went()
    {
        await _loop.Loop.OpenAsync(new WorkItem("BL-1") { Title = "t", Priority = "high", Agent = new AgentInfo("b", "m", "s") { Iteration = 1, PromptDigest = "sha256:1" } });
        await _loop.TakeAsync(Given.Delivered(1, 1, "a1"));
        var state = await _loop.StateAsync("BL-1");
        var copy = StoredJson.ReadState(StoredJson.Write(state));
        Assert.Equal(StoredJson.Write(state), StoredJson.Write(copy));
        Assert.Equal(state.Gates, copy.Gates);
        Assert.Equal(state.Provenance, copy.Provenance);
    }

    private sealed class FailingOnce() : StoreDecorator(new InMemoryLoopStore())
    {
        public bool Fails { get; set; }

        public override ValueTask<CommitResult> CommitAsync(StoreCommit commit, CancellationToken cancellationToken) =>
            Fails && commit.Items.Count > 0 ? throw new StoreUnavailableException("down") : base.CommitAsync(commit, cancellationToken);
    }
}
