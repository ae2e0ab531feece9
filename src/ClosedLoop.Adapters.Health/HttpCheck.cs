namespace ClosedLoop.Adapters.Health;

/// <summary>Asks a service over HTTP.</summary>
internal sealed class HttpCheck : ICheck
{
    private const int MaxBodyBytes = 1024 * 1024;

    private readonly SourceClient _client;
    private readonly string _path;
    private readonly SourceClient? _versionClient;
    private readonly string _versionAddressPath = "";
    private readonly string? _bodyPath, _versionPath, _versionHeader;
    private readonly HashSet<int> _statuses;
    private readonly HashSet<string> _values;

    public HttpCheck(HttpHealthCheck options, string path, HttpClient http, TimeProvider time)
    {
        var address = options.Address!;
        Settings = CheckSettings.From(options, path, address.GetLeftPart(UriPartial.Path));
        (_client, _path) = (Settings.Client(Root(address), http, time, MaxBodyBytes, isTrusted: true), "." + address.PathAndQuery);
        if (options.VersionAddress is { } version)
        {
            // What is meant for one host is not shown to another.
            _versionClient = Settings.Client(Root(version), http, time, MaxBodyBytes, isTrusted: Root(version) == Root(address));
            _versionAddressPath = "." + version.PathAndQuery;
        }
        (_bodyPath, _versionPath, _versionHeader) = (options.BodyPath, options.VersionPath, options.VersionHeader);
        _statuses = [.. options.Statuses];
        _values = new HashSet<string>(options.BodyValues, StringComparer.Ordinal);
    }

    public CheckSettings Settings { get; }

    public int Calls => _versionClient is null ? 1 : 3;

    public async ValueTask<CheckLook> LookAsync(DateTimeOffset at, CancellationToken cancellationToken)
    {
        var (before, problem) = _versionClient is null ? (null, null) : await VersionAsync(_versionClient, cancellationToken).ConfigureAwait(false);
        var answer = await _client.GetAsync(_path, null, cancellationToken).ConfigureAwait(false);
        var look = Judge(answer);
        if (_versionClient is null)
        {
            (before, problem) = ReadVersion(answer, isOwn: true);
        }
        else if (before is not null)
        {
            var (after, _) = await VersionAsync(_versionClient, cancellationToken).ConfigureAwait(false);
            if (after != before) (before, problem) = (null, "another version answered before than after, so nothing says of which one this is");
        }
        return await Settings.WithRolloutVersionAsync(look with { Version = before, VersionProblem = problem }, cancellationToken).ConfigureAwait(false);
    }

    private CheckLook Judge(SourceAnswer answer)
    {
        // A service that does not answer is not well: only an observer that does not answer is blind.
        if (answer.StatusCode == 0) return CheckLook.Bad(Short(answer.Detail)) with { Diagnostics = [answer.Detail ?? ""] };
        if (answer.Kind == SourceAnswerKind.RateLimited) return CheckLook.Neither($"HTTP {answer.StatusCode}, a limit of the rate, says nothing of its health") with { RetryAt = answer.RetryAt };
        if (!_statuses.Contains(answer.StatusCode)) return CheckLook.Bad($"HTTP {answer.StatusCode}");
        if (_values.Count == 0) return CheckLook.Good($"HTTP {answer.StatusCode}");
        string what = _bodyPath is null ? "the body" : $"'{_bodyPath}'";
        if (BodyText.Read(answer.Body, _bodyPath) is not { } value)
            return CheckLook.Neither($"HTTP {answer.StatusCode}, but {what} is not there", Facts.Reason.Unrecognized) with { Diagnostics = [$"Health:{Settings.Path}: {what} is not in the answer; check BodyPath"] };
        string shown = $"HTTP {answer.StatusCode}, {what} is {SourceText.Quote(value)}";
        return _values.Contains(value) ? CheckLook.Good(shown) : CheckLook.Bad(shown);
    }

    private async ValueTask<(SeenVersion? Version, string? Problem)> VersionAsync(SourceClient client, CancellationToken cancellationToken)
    {
        var answer = await client.GetAsync(_versionAddressPath, null, cancellationToken).ConfigureAwait(false);
        return answer.Kind == SourceAnswerKind.Found ? ReadVersion(answer, isOwn: false) : (null, answer.StatusCode == 0 ? "its version cannot be read" : $"its version cannot be read (HTTP {answer.StatusCode})");
    }

    private (SeenVersion? Version, string? Problem) ReadVersion(SourceAnswer answer, bool isOwn)
    {
        if (isOwn && _versionHeader is null && _versionPath is null) return (null, "it does not say which version answers");
        string? text = _versionHeader is not null
            ? answer.Headers?.TryGetValues(_versionHeader, out var values) == true ? values.FirstOrDefault() : null
            : BodyText.Read(answer.Body, _versionPath);
        var version = SeenVersion.Read(text, Settings.Repository, out string problem);
        return (version, version is null ? problem : null);
    }

    private string Short(string? detail) => detail is null ? "did not answer" : detail.Replace($"the check '{Settings.Name}' ", "", StringComparison.Ordinal);

    private static Uri Root(Uri address) => new(address.GetLeftPart(UriPartial.Authority) + "/");
}
