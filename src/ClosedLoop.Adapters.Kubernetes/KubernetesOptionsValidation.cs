using ClosedLoop.Adapters.Kubernetes.Client;

namespace ClosedLoop.Adapters.Kubernetes;

/// <summary>Checks the options; each problem names the option's path and how to fix it, and never repeats a secret.</summary>
internal static class KubernetesOptionsValidation
{
    public const string Section = "Kubernetes";

    private const int MaxNameLength = 63;
    private const int MaxSelectorLength = 1_000;
    private static readonly TimeSpan MinInterval = TimeSpan.FromSeconds(1);

    public static List<string> Problems(KubernetesOptions options)
    {
        var problems = new List<string>();
        if (!IsLabel(options.Name)) Add(problems, nameof(options.Name), "is not 1 to 63 lower-case letters, digits and '-'", "use a name such as kubernetes-eu");
        CheckCredentials(problems, options);
        CheckNamespaces(problems, options);
        if (options.TargetPrefix is null || options.TargetPrefix.Length > MaxNameLength || !options.TargetPrefix.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_'))
            Add(problems, nameof(options.TargetPrefix), "is not at most 63 letters, digits, '-', '.' and '_'", "use a prefix such as eu-, or leave it out");
        if (options.PollInterval < MinInterval || options.PollInterval > TimeSpan.FromDays(1))
            Add(problems, nameof(options.PollInterval), $"is {options.PollInterval}", "use 1 second to 1 day");
        if (options.CallsPerHour < KubernetesOptions.MinCallsPerHour)
            Add(problems, nameof(options.CallsPerHour), $"is {options.CallsPerHour}", $"use {KubernetesOptions.MinCallsPerHour} or more");
        if (options.RequestTimeout < MinInterval || options.RequestTimeout > TimeSpan.FromMinutes(5))
            Add(problems, nameof(options.RequestTimeout), $"is {options.RequestTimeout}", "use 1 second to 5 minutes");
        if (ClusterAccess.Resolve(options, problems) is { } access) CheckServer(problems, options, access);
        return problems;
    }

    public static void Add(List<string> problems, string option, string what, string fix) => problems.Add($"{Section}:{option} {what}; {fix}.");

    private static void CheckServer(List<string> problems, KubernetesOptions options, ClusterAccess access)
    {
        string option = options.Server is null && options.KubeconfigFile is not null ? nameof(options.KubeconfigFile) : nameof(options.Server);
        var server = access.Server;
        if (!server.IsAbsoluteUri || (server.Scheme != Uri.UriSchemeHttp && server.Scheme != Uri.UriSchemeHttps))
            Add(problems, option, "has no absolute http or https address", "write it as https://cluster.example.org:6443");
        else if (server.UserInfo.Length > 0 || server.Query.Length > 0 || server.Fragment.Length > 0)
            Add(problems, option, "has a user, query or fragment in its address", "leave only scheme, host, port and path");
        else if (server.Scheme == Uri.UriSchemeHttp && !server.IsLoopback)
            Add(problems, option, "is http, which would show tokens to the network", "use https");
    }

    private static void CheckCredentials(List<string> problems, KubernetesOptions options)
    {
        if (options.Server is not null && options.KubeconfigFile is not null)
            Add(problems, nameof(options.KubeconfigFile), "is set beside Kubernetes:Server", "set one of them");
        if (options.Token is not null && options.TokenFile is not null)
            Add(problems, nameof(options.TokenFile), "is set beside Kubernetes:Token", "set one of them");
        if (options.Token is { } token && (string.IsNullOrWhiteSpace(token) || token.Any(static c => char.IsControl(c) || char.IsWhiteSpace(c))))
            Add(problems, nameof(options.Token), "is empty or holds white space", "copy the token again, without a line break, or leave it out");
        if ((options.ClientCertificateFile is null) != (options.ClientKeyFile is null))
            Add(problems, options.ClientKeyFile is null ? nameof(options.ClientKeyFile) : nameof(options.ClientCertificateFile), "is not set but its counterpart is", "set both, or neither");
        if (options.Server is null)
        {
            foreach (var (name, value) in new[] { (nameof(options.Token), options.Token), (nameof(options.TokenFile), options.TokenFile), (nameof(options.CertificateAuthorityFile), options.CertificateAuthorityFile), (nameof(options.ClientCertificateFile), options.ClientCertificateFile) })
                if (value is not null)
                    Add(problems, name, "is set without Kubernetes:Server", "set Kubernetes:Server too: a kubeconfig and a service account bring their own");
        }
        if (options.KubeconfigContext is not null && options.KubeconfigFile is null)
            Add(problems, nameof(options.KubeconfigContext), "is set without Kubernetes:KubeconfigFile", "set the file too");
    }

    private static void CheckNamespaces(List<string> problems, KubernetesOptions options)
    {
        if (options.Namespaces.Count is 0 or > KubernetesOptions.MaxNamespaces)
            Add(problems, nameof(options.Namespaces), $"lists {options.Namespaces.Count} namespaces", $"list 1 to {KubernetesOptions.MaxNamespaces}: workloads of others do not count");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < options.Namespaces.Count; i++)
        {
            var space = options.Namespaces[i];
            if (!IsLabel(space.Name)) Add(problems, $"Namespaces:{i}:Name", "is not the name of a namespace", "use 1 to 63 lower-case letters, digits and '-'");
            else if (!seen.Add(space.Name)) Add(problems, $"Namespaces:{i}:Name", "is listed twice", "remove one of them");
            if (space.Environment is { } environment && (environment.Length is 0 or > MaxNameLength || environment.Any(static c => char.IsControl(c) || char.IsSurrogate(c) || c is '/' or '@')))
                Add(problems, $"Namespaces:{i}:Environment", "is not 1 to 63 characters without '/' and '@'", "use a name such as production, or leave it out");
            if (space.LabelSelector is { } selector && (string.IsNullOrWhiteSpace(selector) || selector.Length > MaxSelectorLength || selector.Any(char.IsControl)))
                Add(problems, $"Namespaces:{i}:LabelSelector", "is empty or too long", "use a selector such as app.kubernetes.io/part-of=shop, or leave it out");
        }
    }

    private static bool IsLabel(string? text) => text is { Length: > 0 and <= MaxNameLength } && text.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-') && text[0] != '-';
}
