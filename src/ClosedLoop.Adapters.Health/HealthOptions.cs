namespace ClosedLoop.Adapters.Health;

/// <summary>The health checks and alerts. Read once when the adapter is made; later changes have no effect.</summary>
public sealed class HealthOptions
{
    /// <summary>The most checks and rules of alerts together: 500.</summary>
    public const int MaxChecks = 500;

    /// <summary>The default of <see cref="PollInterval"/>: 30 seconds.</summary>
    public static readonly TimeSpan DefaultPollInterval = TimeSpan.FromSeconds(30);

    /// <summary>The default of <see cref="SteadyInterval"/>: 15 minutes.</summary>
    public static readonly TimeSpan DefaultSteadyInterval = TimeSpan.FromMinutes(15);

    /// <summary>Checks over HTTP.</summary>
    public IList<HttpHealthCheck> Http { get; } = [];

    /// <summary>Checks by Prometheus.</summary>
    public IList<PrometheusHealthCheck> Prometheus { get; } = [];

    /// <summary>Which alerts of Alertmanager speak of which environment. With one or more, the adapter takes Alertmanager's webhook.</summary>
    public IList<AlertRule> Alerts { get; } = [];

    /// <summary>The bearer token with which Alertmanager sends (<c>http_config.authorization.credentials</c>); 16 characters or more. Needed for alerts unless a user is set.</summary>
    public string? AlertToken { get; set; }

    /// <summary>The token that was valid before, accepted too. Null by default.</summary>
    public string? PreviousAlertToken { get; set; }

    /// <summary>The user of <c>http_config.basic_auth</c>. Null by default.</summary>
    public string? AlertUserName { get; set; }

    /// <summary>The password of <c>http_config.basic_auth</c>; 16 characters or more. Null by default.</summary>
    public string? AlertPassword { get; set; }

    /// <summary>Time between two looks of every check. The default is 30 s; 1 s to 1 hour.</summary>
    public TimeSpan PollInterval { get; set; } = DefaultPollInterval;

    /// <summary>
    /// The longest time after which a verdict that does not change is told again: a tenth of the time for which it has been so, up to this. The default is
    /// 15 min; <see cref="PollInterval"/> to 1 day.
    /// </summary>
    public TimeSpan SteadyInterval { get; set; } = DefaultSteadyInterval;
}
