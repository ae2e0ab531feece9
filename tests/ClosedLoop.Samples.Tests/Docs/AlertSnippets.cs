using ClosedLoop.Alerting;
using ClosedLoop.Alerting.Delivery;
using ClosedLoop.Alerting.HandOffs;
using ClosedLoop.Alerting.Incidents;
using ClosedLoop.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ClosedLoop.Samples.Tests.Docs;

/// <summary>The code of the documentation about alerts.</summary>
internal static class AlertSnippets
{
    /// <summary>An agent runtime, as the documentation imagines it.</summary>
    internal interface IRuntime
    {
        Task<bool> OfferAsync(string title, string diagnosis, CancellationToken cancellationToken);
    }

    public static void Routes(ClosedLoopBuilder loop, string slackToken, string pagerDutyKey)
    {
        loop.AddAlerting(alerts => alerts
            .AddSlack(o => { o.BotToken = slackToken; o.Channel = "C0123456789"; })
            .AddPagerDuty(o => o.RoutingKey = pagerDutyKey)
            .Configure(o =>
            {
                o.Owners.Add(new OwnerRule("web-team") { Repository = "acme/web*" });
                o.Owners.Add(new OwnerRule("ci-team") { Gate = Gates.MainCi });
                o.Routes.Add(new IncidentRoute { Sinks = ["slack"] });
                o.Routes.Add(new IncidentRoute { Sinks = ["pagerduty"], AtLeast = IncidentSeverity.Critical });
            }));
    }

    public static void Sinks(ClosedLoopBuilder loop, string pagerDutyKey, string slackToken, Uri mattermostUrl, string webhookSecret, Uri pingUrl)
    {
        loop.AddAlerting(alerts => alerts
            .AddAlertmanager(o => { o.Addresses.Add(new Uri("http://alertmanager-0:9093")); o.Addresses.Add(new Uri("http://alertmanager-1:9093")); })
            .AddPagerDuty(o => o.RoutingKey = pagerDutyKey)
            .AddSlack(o => { o.BotToken = slackToken; o.Channel = "C0123456789"; })
            .AddMattermost(o => o.WebhookUrl = mattermostUrl)
            .AddWebhook(o => { o.Url = new Uri("https://agents.example.org/incidents"); o.Secrets.Add(webhookSecret); })
            .AddHeartbeat(o => o.Url = pingUrl));
    }

    public static void Template(AlertingBuilder alerts) =>
        alerts.AddSlack(o => o.Render = notice => $"<!subteam^S012AB3CD> {notice.Title}: {notice.NextAction}");

    public static async Task DecideAsync(IHost host, string id)
    {
        var incidents = host.Services.GetRequiredService<IIncidents>();
        foreach (var incident in await incidents.ListAsync()) Console.WriteLine($"{incident.Severity}: {incident.Summary} {incident.NextAction}");
        var decision = await incidents.AcknowledgeAsync(id, by: "ann", note: "reverting");
        if (!decision.IsTaken) Console.WriteLine(decision.Refusal);
    }

    public static void HandOff(AlertingBuilder alerts, IRuntime runtime)
    {
        alerts.AddHandOff(
            o => { o.Name = "agents"; o.Within = TimeSpan.FromMinutes(15); o.CauseKinds.Add(CauseKinds.Line); },
            async (offer, cancellationToken) =>
            {
                if (offer.IsOver) return new HandOffReply(null);
                bool takes = await runtime.OfferAsync(offer.Incident.Title, offer.Diagnosis, cancellationToken);
                return new HandOffReply(takes ? HandOffAnswer.Accepted : HandOffAnswer.Declined);
            });
    }

    public static void WebhookHandOff(AlertingBuilder alerts, string secret)
    {
        alerts.AddWebhookHandOff(
            o => o.Name = "repair-bots",
            o => { o.Url = new Uri("https://agents.acme.example/incidents"); o.Secrets.Add(secret); });
    }
}
