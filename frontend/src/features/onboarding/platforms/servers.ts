import { example, type Platform } from './platform.ts';

export const php: Platform = {
  id: 'php',
  name: 'PHP',
  words: 'server web backend composer',
  install: [{ manager: 'composer', command: 'composer require sentry/sentry' }],
  configure: ({ text }) => ({
    file: 'index.php',
    language: 'php',
    code: `<?php

require 'vendor/autoload.php';

\\Sentry\\init([
    'dsn' => '${text}',
    'release' => '${example.release}',
    'environment' => '${example.environment}',
]);`,
  }),
  verify: () => ({
    file: 'index.php',
    language: 'php',
    code: "<?php\n\nthrow new RuntimeException('The first event of this site');",
  }),
};

export const laravel: Platform = {
  id: 'php-laravel',
  name: 'Laravel',
  words: 'php server web backend composer artisan',
  install: [{ manager: 'composer', command: 'composer require sentry/sentry-laravel' }],
  configure: ({ text }) => ({
    file: 'bootstrap/app.php, and in .env: SENTRY_LARAVEL_DSN',
    language: 'php',
    code: `<?php

// .env
// SENTRY_LARAVEL_DSN=${text}

use Illuminate\\Foundation\\Application;
use Illuminate\\Foundation\\Configuration\\Exceptions;
use Sentry\\Laravel\\Integration;

return Application::configure(basePath: dirname(__DIR__))
    ->withExceptions(function (Exceptions $exceptions) {
        Integration::handles($exceptions);
    })
    ->create();`,
  }),
  verify: () => ({ language: 'bash', code: 'php artisan sentry:test' }),
};

export const ruby: Platform = {
  id: 'ruby',
  name: 'Ruby',
  words: 'server script backend gem bundler rack sinatra',
  install: [
    { manager: 'bundler', command: 'bundle add sentry-ruby' },
    { manager: 'gem', command: 'gem install sentry-ruby' },
  ],
  configure: ({ text }) => ({
    file: 'app.rb',
    language: 'ruby',
    code: `require 'sentry-ruby'

Sentry.init do |config|
  config.dsn = '${text}'
  config.release = '${example.release}'
  config.environment = '${example.environment}'
end`,
  }),
  verify: () => ({
    file: 'app.rb',
    language: 'ruby',
    code: "begin\n  raise 'The first event of this program'\nrescue StandardError => error\n  Sentry.capture_exception(error)\nend",
  }),
};

export const rails: Platform = {
  id: 'ruby-rails',
  name: 'Rails',
  words: 'ruby web server backend gem bundler',
  install: [{ manager: 'bundler', command: 'bundle add sentry-ruby sentry-rails' }],
  configure: ({ text }) => ({
    file: 'config/initializers/sentry.rb',
    language: 'ruby',
    code: `Sentry.init do |config|
  config.dsn = '${text}'
  config.release = '${example.release}'
  config.breadcrumbs_logger = [:active_support_logger, :http_logger]
end`,
  }),
  verify: () => ({
    file: 'config/routes.rb',
    language: 'ruby',
    code: "get '/broken', to: ->(_environment) { raise 'The first event of this site' }",
  }),
};

export const go: Platform = {
  id: 'go',
  name: 'Go',
  words: 'golang server backend',
  install: [{ manager: 'go', command: 'go get github.com/getsentry/sentry-go' }],
  configure: ({ text }) => ({
    file: 'main.go',
    language: 'go',
    code: `package main

import (
	"errors"
	"log"
	"time"

	"github.com/getsentry/sentry-go"
)

func main() {
	err := sentry.Init(sentry.ClientOptions{
		Dsn:         "${text}",
		Release:     "${example.release}",
		Environment: "${example.environment}",
	})
	if err != nil {
		log.Fatalf("sentry.Init: %v", err)
	}
	// Sends what is still waiting before the program ends
	defer sentry.Flush(2 * time.Second)

	run()
}`,
  }),
  verify: () => ({
    file: 'main.go',
    language: 'go',
    code: 'func run() {\n\tsentry.CaptureException(errors.New("the first event of this program"))\n}',
  }),
};

const JAVA_VERSION = '8.0.0';
const javaPackage = (artifact: string): Platform['install'] => [
  { manager: 'Gradle', command: `implementation("io.sentry:${artifact}:${JAVA_VERSION}")`, language: 'kotlin' },
  {
    manager: 'Maven',
    command: `<dependency>\n  <groupId>io.sentry</groupId>\n  <artifactId>${artifact}</artifactId>\n  <version>${JAVA_VERSION}</version>\n</dependency>`,
    language: '',
  },
];

export const java: Platform = {
  id: 'java',
  name: 'Java',
  words: 'jvm kotlin server backend gradle maven',
  install: javaPackage('sentry'),
  configure: ({ text }) => ({
    file: 'Main.java',
    language: 'java',
    code: `import io.sentry.Sentry;

public class Main {
  public static void main(String[] arguments) {
    Sentry.init(options -> {
      options.setDsn("${text}");
      options.setRelease("${example.release}");
      options.setEnvironment("${example.environment}");
    });
    run();
  }
}`,
  }),
  verify: () => ({
    file: 'Main.java',
    language: 'java',
    code: 'static void run() {\n  throw new IllegalStateException("The first event of this program");\n}',
  }),
};

export const springBoot: Platform = {
  id: 'java-spring-boot',
  name: 'Spring Boot',
  words: 'java jvm kotlin web server backend gradle maven',
  install: javaPackage('sentry-spring-boot-starter-jakarta'),
  configure: ({ text }) => ({
    file: 'application.properties',
    language: '',
    code: `sentry.dsn=${text}\nsentry.release=${example.release}\nsentry.environment=${example.environment}`,
  }),
  verify: () => ({
    language: 'java',
    code: '@GetMapping("/broken")\nString broken() {\n  throw new IllegalStateException("The first event of this service");\n}',
  }),
};

export const dotnet: Platform = {
  id: 'dotnet',
  name: '.NET',
  words: 'csharp c# f# microsoft server desktop',
  install: [{ manager: 'dotnet', command: 'dotnet add package Sentry' }],
  configure: ({ text }) => ({
    file: 'Program.cs',
    language: 'csharp',
    code: `using var sentry = SentrySdk.Init(options =>
{
    options.Dsn = "${text}";
    options.Release = "${example.release}";
    options.Environment = "${example.environment}";
});`,
  }),
  verify: () => ({
    file: 'Program.cs',
    language: 'csharp',
    code: 'throw new InvalidOperationException("The first event of this program");',
  }),
};

export const aspNet: Platform = {
  id: 'dotnet-aspnetcore',
  name: 'ASP.NET Core',
  words: 'dotnet csharp c# microsoft web server backend',
  install: [{ manager: 'dotnet', command: 'dotnet add package Sentry.AspNetCore' }],
  configure: ({ text }) => ({
    file: 'Program.cs',
    language: 'csharp',
    code: `var builder = WebApplication.CreateBuilder(args);
builder.WebHost.UseSentry(options =>
{
    options.Dsn = "${text}";
    options.Release = "${example.release}";
});`,
  }),
  verify: () => ({
    file: 'Program.cs',
    language: 'csharp',
    code: 'app.MapGet("/broken", () =>\n{\n    throw new InvalidOperationException("The first event of this site");\n});',
  }),
};
