using ClosedLoop.Alerting;
using ClosedLoop.Alerting.Sinks;
using ClosedLoop.Hosting;

namespace ClosedLoop.Samples.Watcher.Providers;

/// <summary>Incidents and their sinks from the section <c>Alerting</c>: each sink that has a section is added.</summary>
internal static class AlertingConfiguration
{
    /// <summary>Options that hold secrets; of a chat's webhook the address is one.</summary>
    public static readonly string[] Secrets =
    [
        "Alerting:Alertmanager:Token", "Alerting:PagerDuty:RoutingKey", "Alerting:Slack:WebhookUrl", "Alerting:Slack:BotToken", "Alerting:Mattermost:WebhookUrl", "Alerting:Mattermost:Token",
        "Alerting:Webhook:Secrets:0", "Alerting:Webhook:Secrets:1", "Alerting:Heartbeat:Url", "Alerting:HandOff:Secrets:0", "Alerting:HandOff:Secrets:1",
    ];

    public static void AddAlerting(this ClosedLoopBuilder loop, IConfigurationSection section) => loop.AddAlerting(alerts =>
    {
        alerts.Configure(section.Bind);
        foreach (var sink in section.GetChildren())
        {
            _ = sink.Key switch
            {
                "Alertmanager" => alerts.AddAlertmanager(sink.Bind),
                "PagerDuty" => alerts.AddPagerDuty(sink.Bind),
                "Slack" => alerts.AddSlack(sink.Bind),
                "Mattermost" => alerts.AddMattermost(sink.Bind),
                "Webhook" => alerts.AddWebhook(sink.Bind),
                "Heartbeat" => alerts.AddHeartbeat(sink.Bind),
                "HandOff" => alerts.AddWebhookHandOff(sink.Bind, sink.Bind),
                _ => alerts,
            };
        }
    });
}
