using System.Globalization;
using System.Net.Http.Headers;

namespace ClosedLoop.Adapters.Health;

/// <summary>Asks Prometheus. All questions of one look are asked for one instant.</summary>
internal sealed class PrometheusCheck : ICheck
{
    private const int MaxAnswerBytes = 4 * 1024 * 1024;

    // Longer ones do not fit into every proxy's address.
    private const int MaxGetLength = 1_500;

    private readonly SourceClient _client;
    private readonly string _query, _versionLabel;
    private readonly string? _baselineQuery, _versionQuery;
    private readonly double? _threshold;
    private readonly double _factor;
    private readonly HealthComparison _comparison;

    public PrometheusCheck(PrometheusHealthCheck options, string path, HttpClient http, TimeProvider time)
    {
        var root = options.Address!.AbsoluteUri.EndsWith('/') ? options.Address : new Uri(options.Address.AbsoluteUri + "/");
        Settings = CheckSettings.From(options, path, options.Query.Length < MaxGetLength ? $"{root.AbsoluteUri}graph?g0.expr={Uri.EscapeDataString(options.Query)}" : root.AbsoluteUri);
        _client = Settings.Client(root, http, time, MaxAnswerBytes, isTrusted: true);
        (_query, _baselineQuery, _versionQuery, _versionLabel) = (options.Query, options.BaselineQuery, options.VersionQuery, options.VersionLabel);
        (_threshold, _factor, _comparison) = (options.Threshold, options.BaselineFactor, options.Comparison);
    }

    public CheckSettings Settings { get; }

    public int Calls => 1 + (_baselineQuery is null ? 0 : 1) + (_versionQuery is null ? 0 : 1);

    public async ValueTask<CheckLook> LookAsync(DateTimeOffset at, CancellationToken cancellationToken)
    {
        var versioned = new CheckLook { Detail = "", VersionProblem = "no query says which version runs" };
        if (_versionQuery is not null)
        {
            var (answer, failure) = await AskAsync(_versionQuery, at, cancellationToken).ConfigureAwait(false);
            if (failure is not null) return failure;
            versioned = ReadVersion(answer!);
        }
        versioned = await Settings.WithRolloutVersionAsync(versioned, cancellationToken).ConfigureAwait(false);
        var look = await MeasureAsync(versioned.Version?.Text, at, cancellationToken).ConfigureAwait(false);
        return look with { Version = versioned.Version, VersionProblem = versioned.VersionProblem, Diagnostics = [.. versioned.Diagnostics, .. look.Diagnostics] };
    }

    private async ValueTask<CheckLook> MeasureAsync(string? version, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (Fill(_query, version) is not { } query || Fill(_baselineQuery ?? "", version) is not { } baselineQuery) return CheckLook.Neither("it is not known which version to ask for");
        double limit = _threshold ?? 0;
        var diagnostics = new List<string>();
        if (_threshold is null)
        {
            var (baseline, blind) = await AskAsync(baselineQuery, at, cancellationToken).ConfigureAwait(false);
            if (blind is not null) return blind;
            diagnostics.AddRange(Warnings(baseline!));
            if (baseline!.Problem is { } problem) return CheckLook.Neither($"the baseline: {problem}", baseline.IsMisasked ? Facts.Reason.Misconfigured : Facts.Reason.Inconclusive) with { Diagnostics = diagnostics };
            if (baseline.Samples.Length != 1 || !double.IsFinite(baseline.Samples[0].Value) || baseline.IsPartial)
                return CheckLook.Neither($"the baseline has {baseline.Samples.Length} samples, and one whole number is needed") with { Diagnostics = diagnostics };
            limit = baseline.Samples[0].Value * _factor;
            if (!double.IsFinite(limit)) return CheckLook.Neither("the baseline times BaselineFactor is no number") with { Diagnostics = diagnostics };
        }
        var (answer, failure) = await AskAsync(query, at, cancellationToken).ConfigureAwait(false);
        if (failure is not null) return failure;
        diagnostics.AddRange(Warnings(answer!));
        var look = PrometheusVerdict.Judge(answer!, _comparison, limit);
        if (look.Reason == Facts.Reason.Misconfigured) diagnostics.Add($"Health:{Settings.Path}:Query: {look.Detail}");
        return look with { Diagnostics = diagnostics };
    }

    private CheckLook ReadVersion(PrometheusAnswer answer)
    {
        var look = new CheckLook { Detail = "", Diagnostics = [.. Warnings(answer)] };
        if (answer.Problem is { } problem) return look with { VersionProblem = $"the version: {problem}" };
        if (answer.IsPartial) return look with { VersionProblem = "a part of the answer about the version is missing" };
        var texts = answer.Samples.Select(s => s.Labels.GetValueOrDefault(_versionLabel, "")).Distinct(StringComparer.Ordinal).ToList();
        if (texts.Count != 1) return look with { VersionProblem = texts.Count == 0 ? "no series says which version runs" : $"{texts.Count} versions run at once" };
        var version = SeenVersion.Read(texts[0], Settings.Repository, out string unread);
        return look with { Version = version, VersionProblem = version is null ? unread : null };
    }

    private async ValueTask<(PrometheusAnswer? Answer, CheckLook? Failure)> AskAsync(string query, DateTimeOffset at, CancellationToken cancellationToken)
    {
        string time = (at.ToUnixTimeMilliseconds() / 1000m).ToString("0.000", CultureInfo.InvariantCulture);
        string timeout = ((int)Math.Max(1, Settings.RequestTimeout.TotalSeconds)).ToString(CultureInfo.InvariantCulture) + "s";
        string form = $"query={Uri.EscapeDataString(query)}&time={time}&timeout={timeout}";
        var answer = form.Length <= MaxGetLength
            ? await _client.GetAsync($"api/v1/query?{form}", null, cancellationToken).ConfigureAwait(false)
            : await _client.SendAsync(HttpMethod.Post, "api/v1/query", request => request.Content = new StringContent(form, new MediaTypeHeaderValue("application/x-www-form-urlencoded")), cancellationToken).ConfigureAwait(false);
        // 400 and 422 are about the question; everything else that is no answer is about Prometheus.
        bool mayBeRead = answer.Kind == SourceAnswerKind.Found || answer.StatusCode is 400 or 422;
        if (mayBeRead && PrometheusAnswer.Read(answer.Body) is { } read) return (read, null);
        string detail = mayBeRead ? $"the check '{Settings.Name}' got something else than an answer of Prometheus" : answer.Detail ?? "";
        return (null, new CheckLook { IsBlind = true, IsLimited = answer.Kind == SourceAnswerKind.RateLimited, Detail = $"{detail}; check Health:{Settings.Path}:Address", RetryAt = answer.RetryAt });
    }

    private IEnumerable<string> Warnings(PrometheusAnswer answer) => answer.Warnings.Select(w => $"the check '{Settings.Name}': Prometheus warns: {w}");

    // As text of a PromQL string: it may stand in quotes of either kind or in a regular expression, and a version has no character that matters there.
    private static string? Fill(string query, string? version)
    {
        if (!query.Contains(PrometheusHealthCheck.VersionPlaceholder, StringComparison.Ordinal)) return query;
        return version is not null && version.All(static c => char.IsAsciiLetterOrDigit(c) || c is ':' or '/' or '@' or '.' or '-' or '_') ? query.Replace(PrometheusHealthCheck.VersionPlaceholder, version, StringComparison.Ordinal) : null;
    }
}
