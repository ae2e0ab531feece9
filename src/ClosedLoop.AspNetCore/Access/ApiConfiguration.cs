using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace ClosedLoop.AspNetCore.Access;

/// <summary>
/// Reads the options from configuration. By hand, because a writer's name holds a colon, which configuration takes for a step down:
/// <c>Writers:agent:builder-7</c> and <c>Writers:agent:builder-7:0</c> both mean the writer <c>agent:builder-7</c>.
/// </summary>
internal static class ApiConfiguration
{
    public static void Apply(IConfiguration section, ClosedLoopApiOptions options)
    {
        foreach (var child in section.GetSection(nameof(options.Writers)).GetChildren()) AddWriters(options, child, []);
        if (section[nameof(options.WriterClaimType)] is { } claim) options.WriterClaimType = claim;
        if (section[nameof(options.AllowAnonymousReads)] is { } open)
            options.AllowAnonymousReads = bool.TryParse(open, out bool value) ? value : throw Invalid(nameof(options.AllowAnonymousReads), "true or false");
        if (section[nameof(options.MaxBodyBytes)] is { } bytes)
            options.MaxBodyBytes = int.TryParse(bytes, NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : throw Invalid(nameof(options.MaxBodyBytes), "a number of bytes");
        if (section[nameof(options.MaxStreams)] is { } streams)
            options.MaxStreams = int.TryParse(streams, NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : throw Invalid(nameof(options.MaxStreams), "a number of streams");
    }

    private static void AddWriters(ClosedLoopApiOptions options, IConfigurationSection section, IReadOnlyList<string> above)
    {
        List<string> path = [.. above, section.Key];
        if (section.Value is { } hash)
        {
            bool isListed = path.Count > 2 && int.TryParse(section.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _);
            options.AddWriter(string.Join(':', isListed ? path[..^1] : path), hash);
        }
        foreach (var child in section.GetChildren()) AddWriters(options, child, path);
    }

    private static InvalidOperationException Invalid(string option, string expected) => new($"Api:{option} cannot be read; use {expected}.");
}
