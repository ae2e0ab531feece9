using ClosedLoop.Adapters;

namespace ClosedLoop.Alerting.Sinks;

/// <summary>Collects what is wrong with a sink's options; each problem names the option's path and how to fix it, and never repeats a secret.</summary>
internal sealed class SinkProblems
{
    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromMinutes(1);

    public SinkProblems(string path, HttpSinkOptions options)
    {
        Path = path;
        if (string.IsNullOrEmpty(options.Name) || options.Name.Length > 60 || !options.Name.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
            Add(nameof(options.Name), $"is {SourceText.Quote(options.Name ?? "")}", "use up to 60 lower-case letters, digits and '-'");
        Between(nameof(options.Timeout), options.Timeout, ShortestTimeout, LongestTimeout);
    }

    public string Path { get; }

    public List<string> All { get; } = [];

    public void Add(string option, string what, string fix) => All.Add($"{Path}:{option} {what}; {fix}.");

    public void Address(string option, Uri? address, string fix)
    {
        if (address is null) Add(option, "is not set", fix);
        else if (!address.IsAbsoluteUri || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps)) Add(option, "is not an absolute http or https address", fix);
        else if (address.UserInfo.Length > 0) Add(option, "holds a user name or password", "remove it from the address");
    }

    /// <summary>A secret that is sent in a header.</summary>
    public void Token(string option, string? token, string fix)
    {
        if (string.IsNullOrWhiteSpace(token)) Add(option, "is not set", fix);
        else if (token.Any(static c => c is <= ' ' or > '~')) Add(option, "holds a space or characters that a header cannot", "copy it again");
    }

    public void Between(string option, TimeSpan value, TimeSpan least, TimeSpan most)
    {
        if (value < least || value > most) Add(option, $"is {value}", $"use {least} to {most}");
    }
}
