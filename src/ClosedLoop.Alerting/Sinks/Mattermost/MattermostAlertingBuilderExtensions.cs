using ClosedLoop.Alerting.Sinks;
using Microsoft.Extensions.Options;

namespace ClosedLoop.Alerting;

/// <summary>Tells a Mattermost channel of incidents.</summary>
public static class MattermostAlertingBuilderExtensions
{
    /// <summary>Adds a Mattermost channel, through an incoming webhook or as a bot.</summary>
    /// <exception cref="OptionsValidationException">An option is missing or wrong; the message names each one and the fix.</exception>
    public static AlertingBuilder AddMattermost(this AlertingBuilder alerts, Action<MattermostOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(alerts);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new MattermostOptions();
        configure(options);
        return SinkRegistration.Add(alerts, options, MattermostOptionsRules.Check(options), (_, post) => options.WebhookUrl is null ? new MattermostBotSink(options, post) : new MattermostWebhookSink(options, post));
    }
}
