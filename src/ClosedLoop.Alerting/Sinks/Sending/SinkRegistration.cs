using ClosedLoop.Adapters;
using ClosedLoop.Alerting.Delivery;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ClosedLoop.Alerting.Sinks;

/// <summary>Adds sinks that speak HTTP, once their options are found good.</summary>
internal static class SinkRegistration
{
    /// <summary>Names that every host has.</summary>
    private static readonly string[] Reserved = [LogIncidentSink.SinkName];

    /// <summary>The options' path: <c>Alerting:Slack</c>, and for a second one <c>Alerting:Slack:team-web</c>.</summary>
    public static string Path(string kind, string? name) => string.IsNullOrEmpty(name) || string.Equals(kind, name.Replace("-", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase) ? $"Alerting:{kind}" : $"Alerting:{kind}:{SafeText.Line(name, 60)}";

    /// <exception cref="OptionsValidationException">An option is missing or wrong; the message names each one and the fix.</exception>
    public static AlertingBuilder Add<TOptions>(AlertingBuilder alerts, TOptions options, SinkProblems problems, Func<IServiceProvider, SinkPost, IIncidentSink> create)
        where TOptions : HttpSinkOptions
    {
        if (Reserved.Contains(options.Name, StringComparer.Ordinal) || alerts.Services.Any(service => service.ImplementationInstance is SinkName taken && taken.Value == options.Name))
            problems.Add(nameof(options.Name), $"is {SourceText.Quote(options.Name)}, as another sink's is", "give each a Name of its own");
        string client = AddClient(alerts, options, problems);
        alerts.Services.AddSingleton(new SinkName(options.Name));
        return alerts.AddSink(services => create(services, Post(services, client, problems.Path, options.Timeout)));
    }

    public static string AddClient<TOptions>(AlertingBuilder alerts, TOptions options, SinkProblems problems)
        where TOptions : HttpSinkOptions
    {
        if (problems.All.Count > 0) throw new OptionsValidationException(problems.Path, typeof(TOptions), problems.All);
        alerts.Services.TryAddSingleton(TimeProvider.System);
        alerts.Services.AddLogging();
        string client = $"ClosedLoop.Alerting.{options.Name}";
        // The factory's own loggers write the address: of a chat's webhook the path is the secret.
        alerts.Services.AddHttpClient(client, static http => http.Timeout = Timeout.InfiniteTimeSpan).ConfigurePrimaryHttpMessageHandler(SourceClient.CreateHandler).RemoveAllLoggers();
        return client;
    }

    public static SinkPost Post(IServiceProvider services, string client, string path, TimeSpan timeout)
    {
        var factory = services.GetRequiredService<IHttpClientFactory>();
        return new SinkPost(path, timeout, () => factory.CreateClient(client), services.GetRequiredService<TimeProvider>());
    }
}
