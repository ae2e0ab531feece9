using ClosedLoop.Alerting.Delivery;
using ClosedLoop.Alerting.HandOffs;
using ClosedLoop.Alerting.Incidents;
using ClosedLoop.Alerting.Tests.Support;
using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Storage;
using ClosedLoop.Storage.InMemory;

namespace ClosedLoop.Alerting.Tests.Evaluation;

public sealed class DeliveryTests
{
    [Fact]
    public async Task A_sink_that_is_down_hears_everything_later_in_order_and_repetitions_once()
    {
        var other = new RecordingSink("other");
        using var watched = new Watched(a => a.AddSink(_ => other));
        watched.Sink.Fails = static _ => new HttpRequestException("connection refused");
        await watched.MergeAsync(1);
        await watched.RunToAsync(10 * 60, TimeSpan.FromMinutes(1));
        Assert.Empty(watched.Sink.Notices);
        Assert.True(other.Notices.Count(static n => n.Gate == Gates.MainCi) > 5);
        // The others hear that it takes nothing.
        Assert.Contains(other.Notices, static n => n is { CauseKind: CauseKinds.Sink, Source: "record", Kind: IncidentNoticeKind.Fired });

        await watched.BuildAsync(1, GateStatus.Passed, 1);
        await watched.RunToAsync((10 * 60) + 10);
        watched.Sink.Fails = static _ => null;
        await watched.RunToAsync((10 * 60) + 40);
        var told = watched.Sink.Notices.Where(static n => n.Gate == Gates.MainCi).Select(static n => n.Kind).ToList();
        Assert.Equal([IncidentNoticeKind.Fired, IncidentNoticeKind.Resolved], told);
        Assert.Single(other.Notices, static n => n is { CauseKind: CauseKinds.Sink, Kind: IncidentNoticeKind.Resolved });
    }

    [Fact]
    public async Task A_sink_gets_back_what_it_returned_so_that_it_can_update_its_message()
    {
        using var watched = new Watched();
        await watched.MergeAsync(1);
        await watched.RunToAsync(160, TimeSpan.FromMinutes(1));
        Assert.Equal([null, "message 1", "message 2"], watched.Sink.Handles.Take(3));
    }

    [Fact]
    public async Task A_notice_that_is_refused_for_good_is_kept_aside_and_those_after_it_are_delivered()
    {
        using var watched = new Watched();
        watched.Sink.Fails = static n => n.Number == 1 ? new UndeliverableNoticeException("the channel is gone") : null;
        await watched.MergeAsync(1);
        await watched.RunToAsync(100, TimeSpan.FromMinutes(1));
        Assert.Equal([2], watched.Sink.Notices.Where(static n => n.Gate == Gates.MainCi).Select(static n => n.Number));
        Assert.Contains(await watched.System.QuarantineAsync(), static q => q.Detail.Contains("the channel is gone", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_notice_whose_delivery_was_not_acknowledged_is_not_told_again()
    {
        using var watched = new Watched();
        await watched.MergeAsync(1);
        await watched.RunToAsync(31);
        // As after a crash between the delivery and its completion.
        var message = new OutboxMessage("again", "incident:record", Envelope(watched.Sink.Notices[0]), watched.Now);
        await watched.System.Store.CommitAsync(new StoreCommit { At = watched.Now, Outbox = [message] }, default);
        await watched.RunToAsync(33);
        Assert.Single(watched.Sink.Notices);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_store_that_breaks_off_while_an_evaluation_is_stored_loses_no_notice_and_doubles_none(bool isStored)
    {
        var store = new BreakingStore { IsStored = isStored };
        using var watched = new Watched(store: store);
        await watched.MergeAsync(1);
        await watched.RunToAsync(29);
        store.Breaks = static commit => commit.Documents.Any(static d => d.Name.StartsWith("alerting/incident/", StringComparison.Ordinal));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => watched.RunToAsync(31));
        store.Breaks = static _ => false;
        await watched.RunToAsync(35);
        Assert.Equal("Fired Warning 1", watched.Sink.Story);
    }

    [Fact]
    public async Task An_agent_has_its_time_before_people_are_told()
    {
        var offers = new List<HandOffOffer>();
        using var watched = new Watched(a => a.AddHandOff(o => o.Name = "agents", (offer, _) =>
        {
            offers.Add(offer);
            return new(new HandOffReply(HandOffAnswer.Accepted, "on it"));
        }));
        await watched.MergeAsync(1);
        await watched.RunToAsync(40);
        var offer = Assert.Single(offers);
        Assert.Equal(("BL-1", Gates.MainCi), (offer.Item!.State.Id, offer.Incident.Gate));
        Assert.NotEmpty(offer.History);
        Assert.Contains("main-ci", offer.Diagnosis, StringComparison.Ordinal);
        Assert.Empty(watched.Sink.Notices);
        Assert.Equal((HandOffAnswer.Accepted, "on it"), (await watched.SingleAsync()).HandOff is { } handed ? (handed.Answer, handed.Note) : default);
        await watched.RunToAsync(50);
        Assert.InRange(Assert.Single(watched.Sink.Notices).At, Given.At(45), Given.At(46));
    }

    [Fact]
    public async Task An_agent_that_repairs_it_in_time_keeps_people_out_of_it_and_hears_that_it_is_over()
    {
        var offers = new List<HandOffOffer>();
        using var watched = new Watched(a => a.AddHandOff(o => o.Name = "agents", (offer, _) =>
        {
            offers.Add(offer);
            return new(new HandOffReply(null));
        }));
        await watched.MergeAsync(1);
        await watched.RunToAsync(35);
        await watched.BuildAsync(1, GateStatus.Passed, 1);
        await watched.RunToAsync(44);
        Assert.DoesNotContain(watched.Sink.Notices, static n => n.Gate == Gates.MainCi);
        Assert.Equal([false, true], offers.Where(static o => o.Incident.Gate == Gates.MainCi).Select(static o => o.IsOver));
    }

    [Fact]
    public async Task An_incident_that_a_person_took_is_not_offered_again()
    {
        var offers = new List<HandOffOffer>();
        using var watched = new Watched(a => a.AddHandOff(o => o.Name = "agents", (offer, _) =>
        {
            offers.Add(offer);
            return new(new HandOffReply(null));
        }));
        await watched.MergeAsync(1);
        await watched.RunToAsync(35);
        Assert.True((await watched.Incidents.AcknowledgeAsync((await watched.SingleAsync()).Id, "ada")).IsTaken);
        await watched.RunToAsync(40);
        Assert.Single(offers);
    }

    [Fact]
    public async Task An_agent_that_declines_or_cannot_be_reached_delays_nobody_for_longer_than_its_time()
    {
        using var declining = new Watched(a => a.AddHandOff(o => o.Name = "agents", static (_, _) => new(new HandOffReply(HandOffAnswer.Declined))));
        await declining.MergeAsync(1);
        await declining.RunToAsync(32);
        Assert.InRange(Assert.Single(declining.Sink.Notices).At, Given.At(30), Given.At(31));

        using var dead = new Watched(a => a.AddHandOff(o => o.Name = "agents", static (_, _) => throw new HttpRequestException("connection refused")));
        await dead.MergeAsync(1);
        await dead.RunToAsync(50);
        Assert.InRange(Assert.Single(dead.Sink.Notices, static n => n.Gate == Gates.MainCi).At, Given.At(45), Given.At(46));
    }

    [Theory]
    [InlineData("LookInterval", "Alerting:LookInterval is 00:00:00; use 00:00:01 to 00:10:00; the default is 00:00:30.")]
    [InlineData("Route", "Alerting:Routes:0:Sinks names 'nobody', and no such sink was added; there are log, record.")]
    [InlineData("Twice", "Two sinks are named 'incident:record'; give one of them another name.")]
    [InlineData("Owner", "Alerting:Owners:0:Owner is empty; name a role or a team, such as ci-team.")]
    public async Task A_bad_option_is_refused_at_start_with_its_path_and_the_fix(string what, string message)
    {
        using var watched = new Watched(a =>
        {
            if (what == "Twice") a.AddSink(static _ => new RecordingSink());
            a.Configure(o =>
            {
                if (what == "LookInterval") o.LookInterval = TimeSpan.Zero;
                if (what == "Route") o.Routes.Add(new IncidentRoute { Sinks = ["nobody"] });
                if (what == "Owner") o.Owners.Add(new OwnerRule(" "));
            });
        });
        var exception = await Assert.ThrowsAnyAsync<Exception>(() => watched.RunToAsync(1));
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }

    private sealed class BreakingStore() : StoreDecorator(new InMemoryLoopStore())
    {
        public Func<StoreCommit, bool> Breaks { get; set; } = static _ => false;

        public bool IsStored { get; init; }

        public override async ValueTask<CommitResult> CommitAsync(StoreCommit commit, CancellationToken cancellationToken)
        {
            bool breaks = Breaks(commit);
            var result = breaks && !IsStored ? new CommitResult(CommitOutcome.Conflict) : await base.CommitAsync(commit, cancellationToken);
            return breaks ? throw new StoreUnavailableException("the connection broke off") : result;
        }
    }

    private static string Envelope(IncidentNotice notice) =>
        System.Text.Json.JsonSerializer.Serialize(new NoticeEnvelope(notice, 0), Alerting.Evaluation.AlertingJson.Default.NoticeEnvelope);
}
