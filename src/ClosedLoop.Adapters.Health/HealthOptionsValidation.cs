namespace ClosedLoop.Adapters.Health;

/// <summary>Checks the options; each problem names the option's path and how to fix it, and never repeats a secret.</summary>
internal static class HealthOptionsValidation
{
    public const string Section = "Health";

    private const int MaxTextLength = 100, MaxQueryLength = 20_000;

    public static List<string> Problems(HealthOptions options)
    {
        var problems = new List<string>();
        int count = options.Http.Count + options.Prometheus.Count + options.Alerts.Count;
        if (count is 0 or > HealthOptions.MaxChecks)
            problems.Add($"{Section} lists {count} checks; list 1 to {HealthOptions.MaxChecks} in {Section}:Http, {Section}:Prometheus and {Section}:Alerts.");
        if (options.PollInterval < TimeSpan.FromSeconds(1) || options.PollInterval > TimeSpan.FromHours(1))
            Add(problems, nameof(options.PollInterval), $"is {options.PollInterval}", "use 1 second to 1 hour");
        if (options.SteadyInterval < options.PollInterval || options.SteadyInterval > TimeSpan.FromDays(1))
            Add(problems, nameof(options.SteadyInterval), $"is {options.SteadyInterval}", "use PollInterval to 1 day");
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int i = 0; i < options.Http.Count; i++)
        {
            string path = $"{nameof(options.Http)}:{i}";
            CheckCommon(problems, path, options.Http[i], names);
            CheckHttp(problems, path, options.Http[i]);
        }
        for (int i = 0; i < options.Prometheus.Count; i++)
        {
            string path = $"{nameof(options.Prometheus)}:{i}";
            CheckCommon(problems, path, options.Prometheus[i], names);
            CheckPrometheus(problems, path, options.Prometheus[i]);
        }
        AlertRuleValidation.Check(problems, options, names);
        return problems;
    }

    public static void CheckPlace(List<string> problems, string path, string environment, string? target, string gate, string? repository)
    {
        if (!IsText(environment) || environment.Contains('/', StringComparison.Ordinal)) Add(problems, $"{path}:{nameof(HealthCheckOptions.Environment)}", "is not an environment's name", "use the name that the deployer uses, such as production");
        if (target is not null && !IsText(target)) Add(problems, $"{path}:{nameof(HealthCheckOptions.Target)}", "is not a target's name", "use the name that the deployer uses, such as eu, or leave it out");
        if (!IsName(gate)) Add(problems, $"{path}:{nameof(HealthCheckOptions.Gate)}", "is not a gate's name", "use healthy, or a gate of the pipeline");
        if (repository is not null && (!IsText(repository) || repository.Trim('/').Split('/').Length < 2)) Add(problems, $"{path}:{nameof(HealthCheckOptions.Repository)}", "is not owner/name", "name the repository of the versions, such as acme/web");
    }

    private static void CheckCommon(List<string> problems, string path, HealthCheckOptions check, Dictionary<string, string> names)
    {
        if (!IsName(check.Name)) Add(problems, $"{path}:{nameof(check.Name)}", "is not a name of lower-case letters, digits and '-'", "use one such as shop-front");
        else if (!names.TryAdd(check.Name, path)) Add(problems, $"{path}:{nameof(check.Name)}", $"is the name of {Section}:{names[check.Name]} too", "give each check its own: it is the writer of its facts");
        CheckPlace(problems, path, check.Environment, check.Target, check.Gate, check.Repository);
        if (check.Of is < 1 or > 100) Add(problems, $"{path}:{nameof(check.Of)}", $"is {check.Of}", "use 1 to 100");
        else if (check.Successes < 1 || check.Successes > check.Of) Add(problems, $"{path}:{nameof(check.Successes)}", $"is {check.Successes}", $"use 1 to {nameof(check.Of)}");
        if (check.RegressedAfter is < 0 or > 10_000) Add(problems, $"{path}:{nameof(check.RegressedAfter)}", $"is {check.RegressedAfter}", "use 0 (never) to 10000 looks");
        if (check.RequestTimeout < TimeSpan.FromMilliseconds(100) || check.RequestTimeout > TimeSpan.FromMinutes(1)) Add(problems, $"{path}:{nameof(check.RequestTimeout)}", $"is {check.RequestTimeout}", "use 100 ms to 1 minute");
        if (check.Authorization is { } secret && (secret.Length < 8 || secret.Any(char.IsControl)))
            Add(problems, $"{path}:{nameof(check.Authorization)}", "is empty, shorter than 8 characters or holds control characters", "use a whole header value such as Bearer and a token, or leave it out");
    }

    private static void CheckHttp(List<string> problems, string path, HttpHealthCheck check)
    {
        CheckAddress(problems, $"{path}:{nameof(check.Address)}", check.Address, required: true);
        CheckAddress(problems, $"{path}:{nameof(check.VersionAddress)}", check.VersionAddress, required: false);
        if (check.Statuses.Count == 0 || check.Statuses.Any(static s => s is < 200 or > 599 or (>= 300 and < 400)))
            Add(problems, $"{path}:{nameof(check.Statuses)}", "is empty or holds something else than statuses", "use 200, or some of 200 to 299 and 400 to 599: redirects are not followed");
        if (check.BodyPath is not null && check.BodyValues.Count == 0) Add(problems, $"{path}:{nameof(check.BodyValues)}", "is empty, but BodyPath is set", "list what it may be, such as UP");
        foreach (var (name, value) in ((string, string?)[])[(nameof(check.BodyPath), check.BodyPath), (nameof(check.VersionPath), check.VersionPath)])
            if (value is not null && (!IsText(value) || value.Split('.').Any(static p => p.Length == 0)))
                Add(problems, $"{path}:{name}", "is not a path of names with dots", "use one such as build.commit");
        if (check.BodyValues.Any(static v => !IsText(v))) Add(problems, $"{path}:{nameof(check.BodyValues)}", "holds an empty or too long text", "use texts such as UP or Healthy");
        if (check.VersionHeader is { } header && (header.Length is 0 or > MaxTextLength || !header.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')))
            Add(problems, $"{path}:{nameof(check.VersionHeader)}", "is not a header's name", "use one such as X-Revision");
        if (check.VersionHeader is not null && check.VersionPath is not null) Add(problems, $"{path}:{nameof(check.VersionPath)}", "is set, and VersionHeader too", "use one of them");
    }

    private static void CheckPrometheus(List<string> problems, string path, PrometheusHealthCheck check)
    {
        CheckAddress(problems, $"{path}:{nameof(check.Address)}", check.Address, required: true);
        if (check.Address is { IsAbsoluteUri: true, Query.Length: > 0 }) Add(problems, $"{path}:{nameof(check.Address)}", "has a query", "end it with Prometheus' own path, such as https://prometheus.example.org/");
        if (!IsQuery(check.Query)) Add(problems, $"{path}:{nameof(check.Query)}", "is empty or too long", "use a PromQL expression");
        if (check.BaselineQuery is not null && !IsQuery(check.BaselineQuery)) Add(problems, $"{path}:{nameof(check.BaselineQuery)}", "is empty or too long", "use a PromQL expression with one sample");
        if (check.VersionQuery is not null && (!IsQuery(check.VersionQuery) || check.VersionQuery.Contains(PrometheusHealthCheck.VersionPlaceholder, StringComparison.Ordinal)))
            Add(problems, $"{path}:{nameof(check.VersionQuery)}", "is empty, too long or asks with $version", "use a PromQL expression such as build_info{job=\"shop\"}");
        bool asks = check.Query.Contains(PrometheusHealthCheck.VersionPlaceholder, StringComparison.Ordinal) || check.BaselineQuery?.Contains(PrometheusHealthCheck.VersionPlaceholder, StringComparison.Ordinal) == true;
        if (asks && check.VersionQuery is null && check.RolloutVersion is null) Add(problems, $"{path}:{nameof(check.VersionQuery)}", "is not set, but a query asks for $version", "set it to an expression whose series carry the version");
        if (check.Threshold is null == check.BaselineQuery is null) Add(problems, $"{path}:{nameof(check.Threshold)}", "and BaselineQuery are both set, or neither is", "set one of them");
        if (check.Threshold is { } threshold && !double.IsFinite(threshold)) Add(problems, $"{path}:{nameof(check.Threshold)}", "is not a finite number", "use one such as 0.01");
        if (!double.IsFinite(check.BaselineFactor) || check.BaselineFactor <= 0) Add(problems, $"{path}:{nameof(check.BaselineFactor)}", "is not above 0", "use one such as 1.5");
        if (!Enum.IsDefined(check.Comparison)) Add(problems, $"{path}:{nameof(check.Comparison)}", $"is {check.Comparison}", "use AtMost, Below, AtLeast or Above");
        if (check.VersionLabel is null || check.VersionLabel.Length is 0 or > MaxTextLength || !check.VersionLabel.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_')) Add(problems, $"{path}:{nameof(check.VersionLabel)}", "is not a label's name", "use one such as revision");
    }

    private static void CheckAddress(List<string> problems, string option, Uri? address, bool required)
    {
        if (address is null)
        {
            if (required) Add(problems, option, "is not set", "set an address such as https://shop.example.org/health");
        }
        else if (!address.IsAbsoluteUri || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps)) Add(problems, option, "is not an absolute http or https address", "write it as https://shop.example.org/health");
        else if (address.UserInfo.Length > 0 || address.Fragment.Length > 0) Add(problems, option, "holds a user name, a password or a fragment", "remove it, and set Authorization");
        else if (address.AbsoluteUri.Length > 1000) Add(problems, option, "is longer than 1000 characters", "use a shorter one");
    }

    public static bool IsName(string? name) => name is { Length: > 0 and <= 64 } && name.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    public static bool IsText(string? text) => text is { Length: <= MaxTextLength } && text.Trim().Length > 0 && !text.Any(static c => char.IsControl(c) || char.IsSurrogate(c));

    private static bool IsQuery(string? query) => query is { Length: <= MaxQueryLength } && query.Trim().Length > 0;

    private static void Add(List<string> problems, string option, string what, string fix) => problems.Add($"{Section}:{option} {what}; {fix}.");
}
