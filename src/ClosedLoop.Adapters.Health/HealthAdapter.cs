using System.Collections.Immutable;
using ClosedLoop.Facts;
using Microsoft.Extensions.Options;

namespace ClosedLoop.Adapters.Health;

/// <summary>
/// Health checks over HTTP and by Prometheus: each is a writer <c>health:NAME</c> of the gate <c>healthy</c>, for one environment or target, and bound to the
/// version that it saw: every sweep looks. Alertmanager's webhook adds what alerts say: a firing one is a failure of what runs, until it ends.
/// </summary>
public static class HealthAdapter
{
    /// <summary>The adapter's name: <c>health</c>.</summary>
    public const string Name = "health";

    /// <summary>The writer of a check's facts, <c>health:NAME</c>.</summary>
    public static Writer Writer(string check) => new(WriterRoles.Health, check);

    /// <summary>Makes the adapter from options, which are checked and copied.</summary>
    /// <param name="options">The checks.</param>
    /// <param name="http">Sends the requests; it must not follow redirects (see <see cref="SourceClient.CreateHandler"/>) and have no time limit of its own. It is not disposed.</param>
    /// <param name="time">The clock of the looks, which orders them, and of time limits.</param>
    /// <exception cref="OptionsValidationException">An option is missing or wrong; the message names each one and how to fix it.</exception>
    public static AdapterRegistration Create(HealthOptions options, HttpClient http, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(time);
        var problems = HealthOptionsValidation.Problems(options);
        if (problems.Count > 0) throw new OptionsValidationException(HealthOptionsValidation.Section, typeof(HealthOptions), problems);
        ImmutableArray<ICheck> checks =
        [
            .. options.Http.Select((c, i) => (ICheck)new HttpCheck(c, $"{nameof(options.Http)}:{i}", http, time)),
            .. options.Prometheus.Select((c, i) => (ICheck)new PrometheusCheck(c, $"{nameof(options.Prometheus)}:{i}", http, time)),
        ];
        ImmutableArray<AlertSettings> alerts = [.. options.Alerts.Select(static (a, i) => AlertSettings.From(a, $"{nameof(options.Alerts)}:{i}"))];
        return new AdapterRegistration
        {
            Name = Name,
            Writers = [.. checks.Select(static c => c.Settings.Writer), .. alerts.Select(static a => a.Writer), .. alerts.Where(static a => a.ResolvedPasses).Select(static a => a.ResolvedWriter)],
            // What can be blind is what looks; alerts only come.
            Gates = [.. (checks.IsEmpty ? alerts.Select(static a => a.Gate) : checks.Select(static c => c.Settings.Gate)).Distinct(StringComparer.Ordinal)],
            Authenticator = alerts.IsEmpty ? null : new AlertAuthenticator(options),
            Translator = alerts.IsEmpty ? null : new AlertTranslator(alerts),
            Probe = checks.IsEmpty ? null : new HealthProbe(checks, options.PollInterval, options.SteadyInterval, time),
            PollInterval = options.PollInterval,
        };
    }

    /// <summary>
    /// Says what a check would make of a file, offline: an answer of Prometheus' <c>/api/v1/query</c>, a health body in JSON (<c>{"status":"UP"}</c>, as of Spring Boot
    /// Actuator and ASP.NET Core), ASP.NET Core's text (<c>Healthy</c>), or a notification of Alertmanager. A file does not say which environment it is of.
    /// </summary>
    /// <param name="input">The file. Anything else than the above is explained as ignored.</param>
    /// <param name="eventName">For Prometheus, the condition: <c>&lt;= 0.01</c>, with one of <c>&lt;= &lt; &gt;= &gt;</c>. Without it a number says nothing.</param>
    public static PayloadExplanation Explain(ReadOnlyMemory<byte> input, string? eventName = null) => HealthExplanation.Of(input, eventName);
}
