using System.Text.Json.Serialization.Metadata;

namespace ClosedLoop.AspNetCore.Api.Operations;

/// <summary>What an operation answers with when it succeeds.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Description">What it means.</param>
/// <param name="Type">The JSON in the body; null when it is not JSON.</param>
/// <param name="ContentType">The media type.</param>
internal sealed record ApiResponse(int Status, string Description, JsonTypeInfo? Type, string ContentType = "application/json");
