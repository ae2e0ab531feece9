using System.Collections.Concurrent;
using System.Diagnostics;
using ClosedLoop.Alerting.Incidents;

namespace ClosedLoop.Alerting.Tests.Sinks;

public sealed class SecretsTests
{
    private const string Canary = "c4n4ryc4n4ryc4n4ryc4n4ryc4n4ry42";

    public static TheoryData<string, int> Cases()
    {
        var cases = new TheoryData<string, int>();
        foreach (string sink in (string[])["slack", "slack-bot", "mattermost", "mattermost-bot", "pagerduty", "webhook", "alertmanager", "heartbeat"])
            foreach (int status in (int[])[200, 302, 400, 401, 403, 404, 429, 500, 0]) cases.Add(sink, status);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task No_secret_is_in_a_message_a_log_line_or_a_trace(string which, int status)
    {
        var traced = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name.StartsWith("System.Net.Http", StringComparison.Ordinal),
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => traced.Enqueue(activity.DisplayName + string.Join(' ', activity.TagObjects.Select(static t => $"{t.Key}={t.Value}"))),
        };
        ActivitySource.AddActivityListener(listener);
        await using var receiver = await Receiver.StartAsync();
        // Receivers repeat what they were sent.
        receiver.Answers(status, $$"""{"ok":false,"error":"odd","id":"api.odd","message":"{{Canary[..8]}}"}""", ("Location", "/" + Canary));
        var address = status == 0 ? new Uri("http://127.0.0.1:1/") : receiver.Address;
        await using var host = new SinkHost(alerts => Add(alerts, which, address));
        string thrown = "";
        foreach (var (notice, handle) in new (IncidentNotice, string?)[] { (Notices.Of(), null), (Notices.Of(IncidentNoticeKind.Escalated, 2), "C1:1.2"), (Notices.Of(IncidentNoticeKind.Resolved, 3), "abcdefghijklmnopqrstuvwxyz") })
        {
            try
            {
                await host.Sink.DeliverAsync(notice, handle, default);
            }
            catch (Exception e)
            {
                thrown += e;
            }
        }
        try
        {
            if (host.Sink is Delivery.IStandingSink standing) await standing.RefreshAsync([Notices.Of()], [Notices.Pulse("engine", Notices.Now)], default);
        }
        catch (Exception e)
        {
            thrown += e;
        }
        if (status is not 200) Assert.Contains("Alerting:", thrown, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, thrown, StringComparison.Ordinal);
        Assert.DoesNotContain(host.Log.Lines, static line => line.Text.Contains(Canary, StringComparison.Ordinal) || line.Fields.Any(static f => $"{f.Value}".Contains(Canary, StringComparison.Ordinal)));
        Assert.DoesNotContain(traced, static t => t.Contains(Canary, StringComparison.Ordinal));
        if (status != 0) Assert.Contains(receiver.Requests, static r => (r.Path + r.Text + string.Join(' ', r.Headers.Values)).Contains(Canary, StringComparison.Ordinal));
    }

    private static AlertingBuilder Add(AlertingBuilder alerts, string which, Uri address) => which switch
    {
        "slack" => alerts.AddSlack(o => o.WebhookUrl = new Uri(address, $"services/{Canary}?k={Canary}")),
        "slack-bot" => alerts.AddSlack(o => (o.ApiAddress, o.BotToken, o.Channel) = (new Uri(address, "api"), Canary, "C1")),
        "mattermost" => alerts.AddMattermost(o => o.WebhookUrl = new Uri(address, $"hooks/{Canary}")),
        "mattermost-bot" => alerts.AddMattermost(o => (o.Server, o.Token, o.ChannelId) = (address, Canary, "abcdefghijklmnopqrstuvwxyz")),
        "pagerduty" => alerts.AddPagerDuty(o => (o.Endpoint, o.RoutingKey) = (address, Canary)),
        "webhook" => alerts.AddWebhook(o =>
        {
            o.Url = new Uri(address, Canary);
            o.Secrets.Add("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        }),
        "alertmanager" => alerts.AddAlertmanager(o =>
        {
            o.Token = Canary;
            o.Addresses.Add(address);
        }),
        "heartbeat" => alerts.AddHeartbeat(o => o.Url = new Uri(address, Canary)),
        _ => throw new ArgumentOutOfRangeException(nameof(which)),
    };
}
