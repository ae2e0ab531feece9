using ClosedLoop.Facts;
using Microsoft.Extensions.Options;

namespace ClosedLoop.AspNetCore.Access;

/// <summary>Checks the options at start; hashes are named by their place, never shown.</summary>
internal sealed class ApiOptionsValidator : IValidateOptions<ClosedLoopApiOptions>
{
    private const int LargestBody = 16 * 1024 * 1024;

    private const int LargestStreams = 10_000;

    public ValidateOptionsResult Validate(string? name, ClosedLoopApiOptions options)
    {
        var failures = new List<string>();
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (text, hashes) in options.Writers)
        {
            string path = $"Api:Writers:{text}";
            if (!Writer.TryParse(text, out var writer)) failures.Add($"{path} is not a writer; use role:name, such as agent:builder-7.");
            else if (writer == Writer.Migration) failures.Add($"{path} cannot have a token: only ILoopMigration writes as {writer}; remove it.");
            if (hashes is null || hashes.Count == 0) failures.Add($"{path} has no token hash; add one made by ClosedLoopToken.Hash(token), or remove the writer.");
            for (int i = 0; i < hashes?.Count; i++) Check($"{path}:{i}", text, hashes[i]);
        }
        if (options.WriterClaimType is { } claim && string.IsNullOrWhiteSpace(claim)) failures.Add("Api:WriterClaimType is empty; name a claim type, or leave it out when the host's users do not write.");
        if (options.MaxBodyBytes is < 1 or > LargestBody) failures.Add($"Api:MaxBodyBytes is {options.MaxBodyBytes}; use 1 to {LargestBody}; the default is {ClosedLoopApiOptions.DefaultMaxBodyBytes}.");
        if (options.MaxStreams is < 1 or > LargestStreams) failures.Add($"Api:MaxStreams is {options.MaxStreams}; use 1 to {LargestStreams}; the default is {ClosedLoopApiOptions.DefaultMaxStreams}.");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);

        void Check(string path, string writer, string hash)
        {
            if (!ClosedLoopToken.TryReadHash(hash, out byte[] digest))
                failures.Add($"{path} is not the hash of a token; it must be sha256: and 64 hexadecimal digits, as ClosedLoopToken.Hash(token) makes it. Never put the token itself here.");
            else if (!owners.TryAdd(Convert.ToHexString(digest), writer) && owners[Convert.ToHexString(digest)] != writer)
                failures.Add($"{path} is also a token hash of {owners[Convert.ToHexString(digest)]}; give each writer a token of its own.");
        }
    }
}
