namespace ClosedLoop.Testing.Adapters;

/// <summary>A request that an adapter sent.</summary>
/// <param name="Method">Such as <c>GET</c>.</param>
/// <param name="Address">Where to.</param>
/// <param name="Headers">Its headers, by case-insensitive name.</param>
/// <param name="Body">Its body as text, or null.</param>
public sealed record RecordedRequest(string Method, Uri Address, IReadOnlyDictionary<string, string> Headers, string? Body);
