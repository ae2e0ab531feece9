using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Health;

/// <summary>What every check has, copied from its options.</summary>
internal sealed record CheckSettings
{
    public required string Path { get; init; }

    public required string Name { get; init; }

    public required string Environment { get; init; }

    public required string? Target { get; init; }

    public required string Gate { get; init; }

    public required string? Repository { get; init; }

    public required int Successes { get; init; }

    public required int Of { get; init; }

    public required int RegressedAfter { get; init; }

    public required TimeSpan RequestTimeout { get; init; }

    public required string? Authorization { get; init; }

    public required Func<CancellationToken, ValueTask<string?>>? RolloutVersion { get; init; }

    /// <summary>Where a person can look.</summary>
    public required string Page { get; init; }

    public Writer Writer => new(WriterRoles.Health, Name);

    public Key Subject => Key.Environment(Target is null ? Environment : $"{Environment}/{Target}");

    public static CheckSettings From(HealthCheckOptions options, string path, string page) => new()
    {
        Path = path,
        Name = options.Name,
        Environment = options.Environment.Trim(),
        Target = options.Target?.Trim(),
        Gate = options.Gate,
        Repository = options.Repository,
        Successes = options.Successes,
        Of = options.Of,
        RegressedAfter = options.RegressedAfter,
        RequestTimeout = options.RequestTimeout,
        Authorization = options.Authorization,
        RolloutVersion = options.RolloutVersion,
        Page = page,
    };

    public SourceClient Client(Uri root, HttpClient http, TimeProvider time, int maxAnswerBytes, bool isTrusted) => new($"the check '{Name}'", root, http, time)
    {
        MaxAnswerBytes = maxAnswerBytes,
        RequestTimeout = RequestTimeout,
        ReadsRefusals = true,
        Prepare = request =>
        {
            request.Headers.TryAddWithoutValidation("User-Agent", "ClosedLoop");
            if (isTrusted && Authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", Authorization);
        },
    };

    /// <summary>The version of a look that proved none: what the rollout says, when that may be asked.</summary>
    public async ValueTask<CheckLook> WithRolloutVersionAsync(CheckLook look, CancellationToken cancellationToken)
    {
        if (look.Version is not null || RolloutVersion is null) return look;
        string? text;
        try
        {
            text = await RolloutVersion(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // What it was made of is not ours to show.
            return look with { Diagnostics = [.. look.Diagnostics, $"{Health(Path)}:RolloutVersion failed with {e.GetType().Name}"] };
        }
        return SeenVersion.Read(text, Repository, out _) is { } version ? look with { Version = version with { IsAssumed = true } } : look;
    }

    private static string Health(string path) => $"{HealthOptionsValidation.Section}:{path}";
}
