namespace ClosedLoop.Adapters.Health;

/// <summary>What every health check has: its name, what it checks, and how many looks it takes.</summary>
public abstract class HealthCheckOptions
{
    /// <summary>The default of <see cref="RegressedAfter"/>: 10 looks.</summary>
    public const int DefaultRegressedAfter = 10;

    /// <summary>The default of <see cref="RequestTimeout"/>: 5 seconds.</summary>
    public static readonly TimeSpan DefaultRequestTimeout = TimeSpan.FromSeconds(5);

    /// <summary>The name of the check; its facts' writer is <c>health:NAME</c>. Lower-case letters, digits and '-', at most 64, and unique. Required.</summary>
    public string Name { get; set; } = "";

    /// <summary>The environment that is checked, as the deployer calls it. Required.</summary>
    public string Environment { get; set; } = "";

    /// <summary>The target in it, as the deployer names it (<c>eu</c>). The default is null: the check is of all targets of the environment.</summary>
    public string? Target { get; set; }

    /// <summary>The gate. The default is <c>healthy</c>.</summary>
    public string Gate { get; set; } = Gates.Healthy;

    /// <summary>The repository of versions that are commits, <c>owner/name</c>. Not needed when versions are digests of images. The default is null.</summary>
    public string? Repository { get; set; }

    /// <summary>
    /// How many of the newest <see cref="Of"/> looks at one version must be good; 1 to <see cref="Of"/>. As many as <see cref="Of"/> means in a row.
    /// The default is 1.
    /// </summary>
    public int Successes { get; set; } = 1;

    /// <summary>How many looks count; 1 to 100. The default is 1.</summary>
    public int Of { get; set; } = 1;

    /// <summary>
    /// After so many bad looks in a row at one proven version it has regressed: what the check had verified is not verified any more. 0 means never;
    /// fewer are a dip, which takes nothing away. The default is 10.
    /// </summary>
    public int RegressedAfter { get; set; } = DefaultRegressedAfter;

    /// <summary>How long one request may take, its body included. The default is 5 s; 100 ms to 1 minute.</summary>
    public TimeSpan RequestTimeout { get; set; } = DefaultRequestTimeout;

    /// <summary>The value of the header <c>Authorization</c>, such as <c>Bearer …</c>. The default is null: none is sent.</summary>
    public string? Authorization { get; set; }

    /// <summary>
    /// Asks for the commit id or digest that, by the rollout's own word, runs there: for services that cannot say their version. Facts that rest on it say so.
    /// Null from it means that it is not known now. The default is null: without a proven version a good look is inconclusive.
    /// </summary>
    public Func<CancellationToken, ValueTask<string?>>? RolloutVersion { get; set; }
}
