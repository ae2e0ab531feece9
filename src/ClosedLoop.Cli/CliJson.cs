using System.Text.Json;
using System.Text.Json.Serialization;
using ClosedLoop.AspNetCore.Api;
using ClosedLoop.Cli.Commands;
using ClosedLoop.Cli.Exporting;
using ClosedLoop.Cli.Reading;
using ClosedLoop.Cli.Verifying;
using ClosedLoop.Cli.Writing;

namespace ClosedLoop.Cli;

/// <summary>The JSON of the command: camelCase, every member always there, ASCII only, so that nothing in a text reaches a terminal.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ItemBody))]
[JsonSerializable(typeof(ItemPageBody))]
[JsonSerializable(typeof(BoardBody))]
[JsonSerializable(typeof(TransitionBody))]
[JsonSerializable(typeof(TransitionPageBody))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(WhyBody))]
[JsonSerializable(typeof(ShowBody))]
[JsonSerializable(typeof(StatusBody))]
[JsonSerializable(typeof(StuckBody))]
[JsonSerializable(typeof(GraphBody))]
[JsonSerializable(typeof(WrittenBody))]
[JsonSerializable(typeof(FactRequest))]
[JsonSerializable(typeof(WaiverRequest))]
[JsonSerializable(typeof(VerifyReport))]
[JsonSerializable(typeof(FactRow))]
[JsonSerializable(typeof(BackfillBody))]
[JsonSerializable(typeof(RebuildBody))]
internal sealed partial class CliJson : JsonSerializerContext;
