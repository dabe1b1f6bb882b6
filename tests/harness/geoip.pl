#!/usr/bin/perl
# geoip.pl FILE: writes a City database in MaxMind's format, of the lines
#   NETWORK<tab>COUNTRY CODE<tab>COUNTRY<tab>CITY<tab>SUBDIVISION
# on standard input; what is empty is left out.
use strict;
use warnings;
use utf8;
use open qw(:std :encoding(UTF-8));
use MaxMind::DB::Writer::Tree;

my %types = (
    country => 'map', city => 'map', names => 'map', subdivisions => ['array', 'map'],
    iso_code => 'utf8_string', en => 'utf8_string',
);
my $tree = MaxMind::DB::Writer::Tree->new(
    ip_version            => 6,
    record_size           => 24,
    database_type         => 'GeoLite2-City',
    languages             => ['en'],
    description           => { en => 'Networks of a test' },
    map_key_type_callback => sub { $types{ $_[0] } },
);
while (my $line = <STDIN>) {
    chomp $line;
    my ($network, $code, $country, $city, $subdivision) = split /\t/, $line, -1;
    my %place = (country => { iso_code => $code, names => { en => $country } });
    $place{city} = { names => { en => $city } } if $city;
    $place{subdivisions} = [{ names => { en => $subdivision } }] if $subdivision;
    $tree->insert_network($network, \%place);
}
open my $file, '>:raw', $ARGV[0] or die "$ARGV[0]: $!\n";
$tree->write_tree($file);
close $file or die "$ARGV[0]: $!\n";
