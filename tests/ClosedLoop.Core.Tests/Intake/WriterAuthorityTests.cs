using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Storage;

namespace ClosedLoop.Core.Tests.Intake;

/// <summary>G6: only a gate's writers advance it, and every attempt is kept where it can be read.</summary>
public sealed class WriterAuthorityTests : IDisposable
{
    private readonly LoopFixture _loop = new();

    public void Dispose() => _loop.Dispose();

    [Fact]
    public async Task An_agent_that_says_main_is_green_is_refused_and_the_attempt_can_be_read()
    {
        await _loop.TakeAsync(Given.Delivered(1, 1, "a1")[..^1]);
        var result = await _loop.Loop.As(Given.Agent).RecordAsync("BL-1", Gates.MainCi, Evidence.At("https://agent.example/fine"));
        Assert.False(result.IsRecorded);
        Assert.Equal("agent:builder-7 may not write main-ci; ci may.", result.Refusal);
        Assert.False((await _loop.GateAsync("BL-1", Gates.MainCi)).HasEvidence);
        var kept = Assert.Single(await _loop.QuarantineAsync());
        Assert.Equal(QuarantineKind.Refused, kept.Kind);
        Assert.Equal("main-ci of item:BL-1: agent:builder-7 may not write main-ci; ci may.", kept.Detail);
        Assert.Equal(Gates.MainCi, StoredJson.ReadFact(System.Text.Encoding.UTF8.GetString(kept.Body.Span)).Kind);
    }

    [Fact]
    public async Task An_agent_may_not_say_what_landed_and_a_source_may_not_speak_for_another()
    {
        var landing = Given.Landed("a1", 1, 1) with { Writer = Given.Agent, Links = [] };
        Assert.Contains("may not say what landed", Assert.Single((await _loop.TakeAsync(landing)).Refusals), StringComparison.Ordinal);
        var foreign = LoopFixture.Submission(Given.Merged(1, 1)) with { Writers = [Given.Ci] };
        var result = Assert.Single(await _loop.Committer.CommitAsync([foreign], null, default));
        Assert.Equal("scm:github is not a writer that this source may speak for (ci:jenkins).", Assert.Single(result.Refusals));
    }

    [Theory]
    [InlineData("build:https://ci.example/job/branch/7")]
    [InlineData("check:acme/web@head/unit")]
    [InlineData("image:sha256:other")]
    public async Task An_agent_cannot_make_somebody_elses_evidence_count_by_linking_it(string key)
    {
        await _loop.TakeAsync(Given.Delivered(1, 1, "a1")[..^1]);
        var subject = Key.Parse(key);
        await _loop.TakeAsync(Given.Of(Given.Ci, subject, Gates.MainCi, 5, GateStatus.Passed));
        var linked = await _loop.Loop.As(Given.Agent).LinkAsync("BL-1", subject);
        Assert.False(linked.IsRecorded);
        await _loop.TakeAsync(Given.Of(Given.Agent, subject, Gates.PrOpened, 6, GateStatus.Passed, links: Given.Item(1)));
        await _loop.TakeAsync(Given.Of(Given.Agent, Given.Commit("other"), "note", 6, GateStatus.Passed, links: Given.Pr(1)));
        Assert.False((await _loop.GateAsync("BL-1", Gates.MainCi)).HasEvidence);
        Assert.Equal(3, (await _loop.QuarantineAsync()).Count);
    }

    [Fact]
    public async Task A_build_system_may_link_its_builds_to_commits_and_not_changes_to_items()
    {
        Assert.Empty((await _loop.TakeAsync(Given.Link(Given.Ci, 1, Given.Build(1), Given.Commit("a1")))).Refusals);
        Assert.Single((await _loop.TakeAsync(Given.Link(Given.Ci, 1, Given.Pr(1), Given.Item(1)))).Refusals);
        Assert.Single((await _loop.TakeAsync(Given.Link(Given.Ci, 1, Given.Build(1), Given.Item(1)))).Refusals);
    }

    [Fact]
    public async Task A_build_of_a_linked_branch_is_no_evidence_for_its_item()
    {
        await _loop.TakeAsync(Given.Opened(Given.Item(1)), Given.Link(Given.Agent, 1, Given.Branch("fix"), Given.Item(1)), Given.Of(Given.Ci, Given.Build(1), Gates.MainCi, 5, GateStatus.Passed, links: Given.Branch("fix")));
        Assert.False((await _loop.GateAsync("BL-1", Gates.MainCi)).HasEvidence);
    }

    [Fact]
    public async Task An_agent_cannot_choose_weaker_rules_for_an_item_that_somebody_opened_with_others()
    {
        using var loop = new LoopFixture(l => l.AddPipeline("strict", p => p.UseDefaultGates()).AddPipeline("weak", p => p.Gate(Gates.PrOpened, g => g.WrittenBy("agent")).DoneWhen(Done.When("opened", Gates.PrOpened))));
        await loop.Loop.OpenAsync(new WorkItem("BL-1") { Pipeline = "strict" });
        var agent = loop.Loop.As(Given.Agent);
        await agent.OpenAsync(new WorkItem("BL-1") { Pipeline = "weak" });
        await agent.RecordAsync("BL-1", Gates.PrOpened, Evidence.At("https://git.example/1"));
        Assert.Equal(("strict", false), ((await loop.StateAsync("BL-1")).Pipeline, (await loop.StateAsync("BL-1")).IsDone));
    }

    [Fact]
    public void Nobody_speaks_as_the_migration() => Assert.Throws<ArgumentException>(() => _loop.Loop.As(Writer.Migration));

    [Fact]
    public async Task An_agent_that_keeps_on_asking_does_not_fill_the_quarantine()
    {
        var agent = _loop.Loop.As(Given.Agent);
        for (int i = 0; i < 20; i++)
        {
            Assert.False((await agent.RecordAsync("BL-1", Gates.MainCi, Evidence.At("https://agent.example/fine"))).IsRecorded);
            _loop.Time.Advance(TimeSpan.FromMinutes(1));
        }
        Assert.Single(await _loop.QuarantineAsync());
        _loop.Time.Advance(TimeSpan.FromDays(1));
        await agent.RecordAsync("BL-1", Gates.MainCi, Evidence.At("https://agent.example/fine"));
        await agent.RecordAsync("BL-1", Gates.Merged, Evidence.At("https://agent.example/fine"));
        Assert.Equal(3, (await _loop.QuarantineAsync()).Count);
    }

    [Fact]
    public async Task The_same_refusal_read_again_and_again_is_kept_once()
    {
        for (int i = 0; i < 5; i++) await _loop.TakeAsync(Given.Built(1, GateStatus.Passed, 5, "a1") with { Writer = Given.Agent, Links = [] });
        Assert.Single(await _loop.QuarantineAsync());
    }
}
