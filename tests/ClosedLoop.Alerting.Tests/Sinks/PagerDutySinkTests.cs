using ClosedLoop.Alerting.Delivery;
using ClosedLoop.Alerting.Incidents;
using ClosedLoop.Alerting.Sinks;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.Alerting.Tests.Sinks;

public sealed class PagerDutySinkTests
{
    private const string Key = "0123456789abcdef0123456789abcdef";
    private const string Taken = """{"status":"success","message":"Event processed","dedup_key":"x"}""";

    [Fact]
    public async Task An_incident_is_triggered_with_all_that_a_responder_needs()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answers(202, Taken);
        await using var host = Host(receiver, static o => o.ClientUrl = new Uri("https://board.example.org/"));
        Assert.Null(await host.Sink.DeliverAsync(Notices.Of(), null, default));
        Assert.Equal("/v2/enqueue", receiver.Last.Path);
        Assert.Equal(
            """{"routing_key":"0123456789abcdef0123456789abcdef","event_action":"trigger","dedup_key":"closedloop/inc-1/1","payload":{"summary":"main-ci is red on acme/web main: Build 311 failed, 40 items wait behind it.","source":"acme/web","severity":"warning","timestamp":"2026-01-05T06:55:00Z","component":"main-ci","group":"acme/web","class":"line","custom_details":{"cause":"line:acme/web@main/main-ci","next_action":"Fix or revert 9f2c.","count":40,"oldest_item":"BL-42","oldest_item_title":"Fix login","items":["BL-42","BL-43"],"owner":"team-web","priority":"P1","branch":"main","since":"2026-01-05T06:55:00Z","notice":"inc-1/1/1"}},"links":[{"href":"https://ci.example.org/job/web/311/?a=1\u0026b=2","text":"Evidence"}],"client":"ClosedLoop","client_url":"https://board.example.org/"}""",
            receiver.Last.Text);
    }

    [Theory]
    [InlineData(IncidentNoticeKind.Fired, IncidentSeverity.Error, "trigger", "error")]
    [InlineData(IncidentNoticeKind.Repeated, IncidentSeverity.Warning, "trigger", "warning")]
    [InlineData(IncidentNoticeKind.Escalated, IncidentSeverity.Critical, "trigger", "critical")]
    [InlineData(IncidentNoticeKind.Acknowledged, IncidentSeverity.Critical, "acknowledge", null)]
    [InlineData(IncidentNoticeKind.Resolved, IncidentSeverity.Critical, "resolve", null)]
    public async Task Each_kind_of_notice_is_the_action_of_one_alert(IncidentNoticeKind kind, IncidentSeverity severity, string action, string? said)
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answers(202, Taken);
        await using var host = Host(receiver);
        await host.Sink.DeliverAsync(Notices.Of(kind, 7) with { Severity = severity }, null, default);
        var sent = receiver.Last.Json;
        Assert.Equal((action, "closedloop/inc-1/1"), (sent.GetProperty("event_action").GetString(), sent.GetProperty("dedup_key").GetString()));
        Assert.Equal(said, sent.TryGetProperty("payload", out var payload) ? payload.GetProperty("severity").GetString() : null);
    }

    [Fact]
    public void An_incident_that_fires_again_is_another_alert_and_a_long_id_still_has_a_key()
    {
        Assert.NotEqual(PagerDutyEvent.DedupKey(Notices.Of()), PagerDutyEvent.DedupKey(Notices.Of() with { Episode = 2 }));
        var long1 = Notices.Of(incident: new string('x', 400));
        Assert.InRange(PagerDutyEvent.DedupKey(long1).Length, 40, 255);
        Assert.Equal(PagerDutyEvent.DedupKey(long1), PagerDutyEvent.DedupKey(long1 with { Kind = IncidentNoticeKind.Resolved, Number = 9 }));
        Assert.NotEqual(PagerDutyEvent.DedupKey(long1), PagerDutyEvent.DedupKey(long1 with { Episode = 2 }));
    }

    [Fact]
    public async Task An_enemys_text_stays_within_the_limits()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answers(202, Taken);
        await using var host = Host(receiver, static o => o.Render = static n => n.Title + new string('y', 5_000));
        await host.Sink.DeliverAsync(Notices.Hostile(), null, default);
        Assert.InRange(receiver.Last.Json.GetProperty("payload").GetProperty("summary").GetString()!.Length, 1_000, 1_024);
        Assert.InRange(receiver.Last.Body.Length, 1_000, 100_000);
        Assert.False(receiver.Last.Json.TryGetProperty("links", out _));
    }

    [Fact]
    public async Task An_event_that_is_called_invalid_is_given_up()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answers(400, """{"status":"invalid event","message":"Event object is invalid","errors":["'routing_key' is wrong"]}""");
        await using var host = Host(receiver);
        var refused = await Assert.ThrowsAsync<UndeliverableNoticeException>(() => host.Sink.DeliverAsync(Notices.Of(), null, default).AsTask());
        Assert.Equal("Alerting:PagerDuty: 127.0.0.1 calls the event invalid (HTTP 400); check RoutingKey: it must be of an Events API v2 integration that still exists.", refused.Message);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(204)]
    [InlineData(403)]
    [InlineData(429)]
    [InlineData(500)]
    public async Task Anything_but_202_is_not_taken(int status)
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answers(status);
        await using var host = Host(receiver);
        await Assert.ThrowsAsync<HttpRequestException>(() => host.Sink.DeliverAsync(Notices.Of(), null, default).AsTask());
    }

    [Fact]
    public async Task A_change_is_told_beside_incidents()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answers(202, Taken);
        await using var host = new SinkHost(a => a.AddPagerDutyChangeEvents(o => (o.Endpoint, o.RoutingKey) = (receiver.Address, Key)));
        await host.Services.GetRequiredService<PagerDutyChangeEvents>().SendAsync(new PagerDutyChange { Summary = "BL-42 deployed\nto production", Source = "production", At = Notices.Now, ItemId = "BL-42", Gate = "rolled-out", Evidence = new Uri("https://ci.example.org/1") });
        Assert.Equal("/v2/change/enqueue", receiver.Last.Path);
        Assert.Equal(
            """{"routing_key":"0123456789abcdef0123456789abcdef","payload":{"summary":"BL-42 deployed to production","timestamp":"2026-01-05T09:00:00Z","source":"production","custom_details":{"item":"BL-42","gate":"rolled-out"}},"links":[{"href":"https://ci.example.org/1","text":"Evidence"}]}""",
            receiver.Last.Text);
    }

    private static SinkHost Host(Receiver receiver, Action<PagerDutyOptions>? configure = null) => new(a => a.AddPagerDuty(o =>
    {
        (o.Endpoint, o.RoutingKey) = (receiver.Address, Key);
        configure?.Invoke(o);
    }));
}
